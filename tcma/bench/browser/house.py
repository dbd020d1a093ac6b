"""A whole installation at work: web server and worker as processes of their own, over real loopback."""

import shutil
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tcma.bench.ports import free_port
from tcma.config import ROOT, load, scratch_environment
from tcma.installation import Installation

START_LIMIT = 120.0  # a busy machine takes its time
STOP_LIMIT = 15.0
PROGRAMS = {"web": "tcma.wsgi", "worker": "workers"}


@dataclass
class House:
    """One folder of an installation with its two programs. `settings` are TCMA_ variables, lower case."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    programs: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        given = {
            "var": str(self.folder),
            "environment": "test",
            "base_url": self.base,
            "port": str(self.port),
            "soft_start_wait": "0",
            "form_min_time": "0",
            "poll": "0.5",
            **self.settings,
        }
        return {f"TCMA_{name.upper()}": value for name, value in given.items()}

    @cached_property
    def installation(self) -> Installation:
        """For looking into the database beside the running programs; `stop` disposes of it."""
        return Installation.at(load(self.environment))

    def start(self, *names: str) -> None:
        for name in names or PROGRAMS:
            log = (self.folder / f"{name}.log").open("ab")
            self.programs[name] = subprocess.Popen(
                [sys.executable, "-m", "tcma.bench.children", PROGRAMS[name]],
                cwd=ROOT,
                env=scratch_environment(self.environment),
                stdout=log,
                stderr=log,
            )
            log.close()
        self.wait()

    def wait(self) -> None:
        """Until /health says that database and worker are alive; without a worker, until pages answer."""
        path = "/health" if "worker" in self.programs else "/sign-in"
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            for name, program in self.programs.items():
                if program.poll() is not None:
                    raise AssertionError(f"{name} ended with {program.returncode}:\n{self.log(name)[-4000:]}")
            try:
                with urllib.request.urlopen(f"{self.base}{path}", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"The house did not answer in time:\n{self.log('web')[-4000:]}")

    def stop(self, *names: str, kill: bool = False) -> None:
        """End the programs of these names, or all that was opened."""
        chosen = [self.programs.pop(name) for name in names or list(self.programs) if name in self.programs]
        for program in chosen:
            if kill:
                program.kill()
            else:
                program.terminate()
        for program in chosen:
            try:
                program.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
        if not names and "installation" in self.__dict__:
            self.installation.dispose()
            del self.installation

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""


def copied(template: Path, folder: Path, **settings: str) -> House:
    """A house in a copy of a prepared folder: database, files and keys."""
    shutil.copytree(template, folder)
    return House(folder, settings)
