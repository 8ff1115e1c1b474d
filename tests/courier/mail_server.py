"""A mail server for tests: aiosmtpd, with the misbehaviour it is told to show.

mail_server.py DIRECTORY: certificates are DIRECTORY/NAME.pem. Prints the ports of STARTTLS and of TLS at
once, then reads one JSON object a line, the behaviour from now on, and answers each with a line:

  certificate  NAME, "good" if not said            plain    no STARTTLS is offered
  password     what is right, of the user "usher"; none: nobody has to log in
  mechanisms   offered for AUTH
  answers      {VERB or "message" or "greeting": reply instead of the usual one}
  hang, drop   VERB or "message" or "greeting": say nothing there; cut the connection there

  slow         VERB or "message": wait there for {"go_on": true}; {"await_slow": true} waits for that

{"mails": true} is answered by what arrived, as Python's email package reads it; {"clear": true} by all
that came in clear.
"""
import asyncio
import base64
import email
import email.header
import email.policy
import email.utils
import json
import logging
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

# What it complains about is what the tests make it do.
logging.disable()
warnings.simplefilter("ignore")

directory = sys.argv[1]
behaviour = {}
mails = []
clear = bytearray()
arrived, released = asyncio.Event(), asyncio.Event()


def certificate(name):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(f"{directory}/{name}.pem")
    return context


def part(message):
    return {
        "type": message.get_content_type(),
        "charset": message.get_content_charset(),
        "encoding": message["Content-Transfer-Encoding"],
        "text": message.get_content().replace("\r\n", "\n"),
        "defects": [str(defect) for defect in message.defects],
    }


def read(envelope, session):
    """The mail, by a parser that knows nothing of who made it."""
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    defects = list(message.defects)
    for value in message.values():
        defects += getattr(value, "defects", [])
    # The newer interface puts a blank between two encoded words of a name.
    name, address = email.utils.parseaddr(email.message_from_bytes(envelope.content)["From"])
    name = str(email.header.make_header(email.header.decode_header(name)))
    return {
        "envelope": {"from": envelope.mail_from, "to": envelope.rcpt_tos},
        "encrypted": session.ssl is not None,
        "headers": [[name, str(value)] for name, value in message.items()],
        "from": [name, address],
        "date": message["Date"].datetime.timestamp(),
        "type": message.get_content_type(),
        "parts": [part(each) for each in message.iter_parts()],
        "defects": [str(defect) for defect in defects],
        "longest_line": max(len(line) for line in envelope.content.split(b"\r\n")),
        "bare_newlines": envelope.content.replace(b"\r\n", b"").count(b"\n"),
        "raw": envelope.content.decode("ascii"),
        "login": getattr(session, "way", None),
    }


class Handler:
    async def handle_DATA(self, server, session, envelope):
        if not await server.behaves("message"):
            return behaviour["answers"]["message"]
        mails.append(read(envelope, session))
        return "250 2.0.0 queued as 4FzQ7"

    async def auth_XOAUTH2(self, server, args):
        said = base64.b64decode(args[1]) if len(args) > 1 else await server.challenge_auth("")
        right = f"user=usher\x01auth=Bearer {behaviour['password']}\x01\x01"
        server.session.way = "XOAUTH2"
        return AuthResult(success=said == right.encode(), handled=False)


def authenticate(server, session, envelope, mechanism, data):
    session.way = mechanism
    right = data.login == b"usher" and data.password == behaviour["password"].encode()
    return AuthResult(success=right, handled=False)


class Server(SMTP):
    at_once = False

    async def behaves(self, verb):
        """Whether it does at this verb what servers do."""
        if behaviour.get("slow") == verb:
            arrived.set()
            await released.wait()
        if behaviour.get("hang") == verb:
            await asyncio.sleep(3600)
        if behaviour.get("drop") == verb:
            self.transport.abort()
            await asyncio.sleep(3600)
        return verb not in behaviour.get("answers", {})

    async def answer(self, verb, usual, arg):
        if await self.behaves(verb):
            await usual(arg)
        else:
            await self.push(behaviour["answers"][verb])

    async def _handle_client(self):
        if await self.behaves("greeting"):
            await super()._handle_client()
        else:
            await self.push(behaviour["answers"]["greeting"])
            self.transport.close()

    def data_received(self, data):
        if not self.at_once and (self.session is None or self.session.ssl is None):
            clear.extend(data)
        super().data_received(data)


def staged(verb):
    usual = getattr(SMTP, f"smtp_{verb}")

    async def smtp(self, arg):
        await self.answer(verb, lambda arg: usual(self, arg), arg)

    # Part of the protocol of the class: what it asks of a verb stands in attributes.
    for name, value in vars(usual).items():
        setattr(smtp, name, value)
    return smtp


for verb in ("EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"):
    setattr(Server, f"smtp_{verb}", staged(verb))


def make(at_once):
    password = behaviour.get("password")
    offered = behaviour.get("mechanisms", ["PLAIN", "LOGIN", "XOAUTH2"])
    context = None
    if not at_once and not behaviour.get("plain"):
        context = certificate(behaviour.get("certificate", "good"))
    server = Server(
        Handler(),
        hostname="mail.acme.example",
        tls_context=context,
        require_starttls=context is not None,
        authenticator=authenticate,
        auth_required=password is not None,
        auth_require_tls=not at_once,
        auth_exclude_mechanism=[way for way in ("PLAIN", "LOGIN", "XOAUTH2") if way not in offered],
    )
    server.at_once = at_once
    return server


async def obey(order):
    global behaviour
    if "await_slow" in order:
        return await arrived.wait()
    if "go_on" in order:
        return released.set()
    if "mails" in order:
        return mails
    if "clear" in order:
        return clear.decode("latin-1")
    behaviour = order
    mails.clear()
    clear.clear()
    arrived.clear()
    released.clear()
    return True


async def main():
    loop = asyncio.get_running_loop()
    starttls = await loop.create_server(lambda: make(False), "127.0.0.1", 0)
    tls = await loop.create_server(lambda: make(True), "127.0.0.1", 0, ssl=certificate("good"))
    ports = [each.sockets[0].getsockname()[1] for each in (starttls, tls)]
    print(*ports, flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(await obey(json.loads(line))), flush=True)


asyncio.run(main())
