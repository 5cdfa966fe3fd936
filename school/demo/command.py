"""The command `demo`: build the county if it is not there, print who can sign in, serve it on this machine only."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import click

from school import clock, serving, settings
from school.demo import build, county
from school.demo.build import Demo
from school.errors import Refused
from school.terminal import each, table

#: where demo counties live unless told otherwise, below the present folder
DEMO_DIR, FULL_DEMO_DIR = Path("school-data/demo-county"), Path("school-data/demo-county-full")
#: ports tried, the one asked for among them
PORTS = 50


@click.command()
@click.option("--full", is_flag=True, help="全县规模：12 个乡镇、3600 人。A county of full size.")
@click.option("--host", default="127.0.0.1", show_default=True, help="只能是本机地址。Loopback only.")
@click.option("--port", default=8000, show_default=True, help="被占用时自动换下一个。The next free one is taken.")
@click.option("--no-serve", is_flag=True, help="只建数据，不启动服务。Build only.")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="数据放在哪里。Where it lives.")
def demo(full: bool, host: str, port: int, no_serve: bool, data_dir: Path | None) -> None:
    """建好演示县“云岭县”，列出各角色的账号，并在本机启动。

    Build the demo county, print an account for every role, and serve it on this machine.
    """
    where = (data_dir or (FULL_DEMO_DIR if full else DEMO_DIR)).resolve()
    config = build.settings_for(settings.read(), where)
    if not serving.is_loopback(host):
        raise Refused("演示数据的密码是公开的，只能在本机（127.0.0.1）上运行，不能对外提供服务。")
    if not build.is_demo(where):
        click.echo(f"正在建立演示县“云岭县”（{where}）…… building the demo county", err=True)
        size = county.FULL if full else county.SMALL
        build.build(config, size, seed=county.SEED, now=clock.now(), watch=each)
    found = build.load(where)
    _print_demo(found)
    if no_serve:
        return
    free = free_port(host, port)
    if free != port:
        click.echo(f"端口 {port} 已被占用，改用 {free}。 Port {port} is taken, using {free}.")
    click.echo(f"\n地址 address: http://{host}:{free}/   （按 Ctrl+C 停止 to stop）\n")
    serving.serve(config, host, free, workers=1)


def _print_demo(found: Demo) -> None:
    click.echo("演示账号（人物均为虚构，密码公开，只供本机试用） accounts:")
    head = ("角色", "工号", "密码", "姓名", "单位", "看什么")
    click.echo(table([head, *((x.role, x.login_name, x.password, x.name, x.unit, x.look) for x in found.logins)]))
    click.echo(f"\n花名册 roster: {found.folder / build.ROSTER_FILE}")
    for path in found.reports:
        if path.suffix == ".pdf":
            click.echo(f"上月报告 report: {path}")


def free_port(host: str, port: int) -> int:
    """The first port from `port` on that nobody listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + PORTS):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return candidate
    raise Refused(f"从 {port} 起的 {PORTS} 个端口都被占用，请用 --port 指定另一个。")
