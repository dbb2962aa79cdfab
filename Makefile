# Mỗi lệnh `make X` là một lần gọi `python -m helpers X`; máy không có make (Windows) gõ thẳng như vậy.
PYTHON ?= python3
PLAN ?=
ARGS ?=

RUN = @PYTHONPATH=src $(PYTHON) -m helpers

.DEFAULT_GOAL := build
.PHONY: build test lab check bench verify workbook forms review register schema clean help pins

build:
	$(RUN) build $(if $(PLAN),--plan "$(PLAN)") $(ARGS)

test check lab schema clean help pins:
	$(RUN) $@ $(ARGS)

bench verify workbook forms review register:
	$(RUN) $@ $(if $(PLAN),--plan "$(PLAN)") $(ARGS)

# Một tên lệnh gõ sai cũng tới đây, để được gợi ý tên đúng.
.DEFAULT:
	$(RUN) $@
