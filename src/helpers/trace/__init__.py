"""From a number printed in a brief back to the published table and the data files behind it."""
