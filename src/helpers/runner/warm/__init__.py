"""A warm engine for papermill: kernels forked from a process that has imported everything once.

A template process (`server`, asked through `template`) imports the heavy libraries. For each
notebook it forks one child, in which IPython's own kernel runs without sockets (`kernel`); its
messages go through a pipe to papermill's own client (`manager`), so that outputs are put together
by the same code as ever. The engine (`engine`) is registered with papermill as "warm".
"""
