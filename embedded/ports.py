"""TCP ports on 127.0.0.1, kept from run to run."""

import socket
import sys
from typing import Self

HOST = "127.0.0.1"


class PortTaken(Exception):
    """The port that was asked for is in use."""


class Port:
    """A port that is reserved until this process ends.

    Linux lets a server listen on a port to which another socket is bound (both with SO_REUSEADDR), so the reservation
    stays open there: a service that restarts finds its port free.
    """

    def __init__(self, number: int = 0) -> None:
        probe = socket.socket()
        try:
            # A server that ended a moment ago leaves connections in TIME_WAIT, which don't hinder a new one.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, number))
            probe.listen(1)
            self.number: int = probe.getsockname()[1]
        except OSError as error:
            raise PortTaken(number) from error
        finally:
            probe.close()
        self._reservation = self._reserve() if sys.platform == "linux" else None

    def _reserve(self) -> socket.socket:
        reservation = socket.socket()
        reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            reservation.bind((HOST, self.number))
        except OSError as error:
            raise PortTaken(self.number) from error
        return reservation

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        if self._reservation:
            self._reservation.close()


def preferred(number: int | None) -> Port:
    """Return the port with this number, or any other when it is taken or None."""
    try:
        return Port(number or 0)
    except PortTaken:
        return Port()


def is_open(number: int) -> bool:
    """Tell whether something accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, number)) == 0
