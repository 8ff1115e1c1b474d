"""Mail that outlives its sender: mail_flood.py MAILS KILLS, with the tree of what ships in USHER_SHIPPED.

A real usherd queues MAILS mails; the real usher-courier sends them to a real SMTP server over STARTTLS and
is killed by SIGKILL KILLS times, at moments drawn at random over the run, and started again each time. Each
mail must arrive at least once; a kill may double the one that was in hand, and no other; usher-courier must
stay under 20 MB. Nothing outside a private directory changes; what was started is ended.
"""
import asyncio
import email
import json
import logging
import os
import random
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import warnings

from aiosmtpd.smtp import SMTP

# What it complains about is a client that was killed.
logging.disable()
warnings.simplefilter("ignore")
shipped = os.environ["USHER_SHIPPED"]
here = os.path.dirname(os.path.realpath(__file__))
mails, kills = int(sys.argv[1]), int(sys.argv[2])
most_kib = 20_000_000 // 1024
# A mail that is lost twice over waits a minute; the run itself takes some 40 ms a mail.
deadline = time.monotonic() + 240 + mails * 0.15

arrivals = []  # ids, in order


class Handler:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content)
        arrivals.append(message["Message-ID"].strip("<>").split("@")[0])
        return "250 2.0.0 queued"


def fail(text):
    sys.exit(f"mail_flood: FAILED: {text}")


def settle(place, port):
    with open(f"{place}/usher.toml", "w") as file:
        file.write(f"""[store]
directory = "{place}/state"
[sockets]
login = "{place}/login.sock"
admin = "{place}/admin.sock"
courier = "{place}/courier.sock"
[mail]
server = "localhost"
port = {port}
ca_file = "{place}/ca.crt"
from = "usher@acme.example"
""")
    os.mkdir(f"{place}/state")


async def start_usherd(place):
    usherd = subprocess.Popen(
        [f"{shipped}/daemon/usherd", "--config", f"{place}/usher.toml"], stderr=open(f"{place}/usherd.log", "w")
    )
    for _ in range(500):
        if os.path.exists(f"{place}/admin.sock"):
            return usherd
        await asyncio.sleep(0.02)
    fail("usherd did not start: " + open(f"{place}/usherd.log").read())


def queue(place):
    """Every mail as an administrator's test: the one that needs nobody."""
    with socket.socket(socket.AF_UNIX) as admin:
        admin.connect(f"{place}/admin.sock")
        replies = admin.makefile("rb")
        for number in range(mails):
            call = {"method": "io.usher.Admin.SendTestMail", "parameters": {"address": f"ada{number}@acme.example"}}
            admin.sendall(json.dumps(call).encode() + b"\0")
            reply = bytearray()
            while not reply.endswith(b"\0"):
                reply += replies.read1(65536)
            answer = json.loads(reply[:-1])
            if "error" in answer:
                fail(f"not queued: {answer}")
            yield answer["parameters"]["id"]


def start_courier(place):
    return subprocess.Popen(
        [f"{shipped}/courier/usher-courier", "--socket", f"{place}/courier.sock"],
        stderr=open(f"{place}/courier.log", "a"),
    )


def most_memory(pid):
    with open(f"/proc/{pid}/status") as status:
        return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)


async def flood(place):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(f"{place}/good.pem")
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), hostname="localhost", tls_context=context, require_starttls=True), "127.0.0.1", 0
    )
    settle(place, server.sockets[0].getsockname()[1])
    usherd = await start_usherd(place)
    courier = None
    try:
        ids = list(queue(place))
        courier = start_courier(place)
        # When this many have arrived, and then a moment later that is anywhere within a mail.
        moments = sorted(random.randrange(mails) for _ in range(kills))
        memory = 0
        while len(set(arrivals)) < mails or moments:
            if time.monotonic() > deadline:
                fail(f"{len(set(arrivals))} of {mails} mails after the deadline")
            if courier.poll() is not None:
                fail("usher-courier ended by itself: " + open(f"{place}/courier.log").read()[-2000:])
            memory = max(memory, most_memory(courier.pid))
            if moments and (len(arrivals) >= moments[0] or len(set(arrivals)) == mails):
                moments.pop(0)
                await asyncio.sleep(random.uniform(0, 0.06))
                courier.kill()
                courier.wait()
                courier = start_courier(place)
            await asyncio.sleep(0.003)
    finally:
        for process in (courier, usherd):
            if process is not None:
                process.kill()
                process.wait()
    return ids, memory


async def main():
    place = tempfile.mkdtemp(prefix="usher-flood.")
    try:
        subprocess.run([f"{here}/../courier/certificates.sh", place], check=True)
        started = time.monotonic()
        ids, memory = await flood(place)
    finally:
        shutil.rmtree(place)
    arrived = set(arrivals)
    missing = set(ids) - arrived
    duplicates = len(arrivals) - len(arrived)
    print(
        f"{mails} mails, usher-courier killed {kills} times: {len(arrived)} arrived in "
        f"{time.monotonic() - started:.0f} s, {duplicates} of them twice ({100 * duplicates / mails:.2f} %); "
        f"usher-courier at most {memory} KiB"
    )
    if missing or len(arrived) != mails:
        fail(f"{len(missing)} never arrived")
    if duplicates > kills:
        fail("twice without a kill")
    if memory > most_kib:
        fail("too much memory")


asyncio.run(main())
