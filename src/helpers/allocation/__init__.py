"""How the year's capital is shared: projects, sources, capital types, districts."""
