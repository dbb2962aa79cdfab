# Mỗi lệnh `make X` là một lần gọi `python -m helpers X`; máy không có make (Windows) gõ thẳng như vậy.
PYTHON ?= python3
PLAN ?=
CLUSTER ?=
ARGS ?=

RUN = @PYTHONPATH=src $(PYTHON) -m helpers

.DEFAULT_GOAL := build
.PHONY: build explain test test-browser lab check bench verify workbook forms review register share trace schema clean help pins

build:
	$(RUN) build $(if $(PLAN),--plan "$(PLAN)") $(if $(CLUSTER),--cluster "$(CLUSTER)") $(ARGS)

test test-browser check lab schema clean help pins:
	$(RUN) $@ $(ARGS)

explain bench verify workbook forms review register share trace:
	$(RUN) $@ $(if $(PLAN),--plan "$(PLAN)") $(ARGS)

# Một tên lệnh gõ sai cũng tới đây, để được gợi ý tên đúng.
.DEFAULT:
	$(RUN) $@
