"""An HTTPS gateway for tests: what is asked of it, as programs read it that are not ours, and the answer
it is told to give.

sms_gateway.py DIRECTORY: certificates are DIRECTORY/NAME.pem. Prints its port at once, then reads one JSON
object a line, the behaviour from now on, and answers each with a line:

  as           "twilio", "ovh" or "vonage": answer as that provider does, 401 where it would not know us
  status, body, headers   what is answered otherwise: 200, {}, none
  key          what it knows us by
  application, consumer   OVH's two others
  certificate  NAME, "good" if not said
  drop         True: the connection is cut when the request is there
  hang         True: nothing is said any more
  endless      True: a body without end

{"requests": true} is answered by what was asked.
"""
import base64
import hashlib
import hmac
import http.server
import json
import ssl
import sys
import threading
import time
import urllib.parse

directory = sys.argv[1]
behaviour = {}
requests = []


def certificate(name):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(f"{directory}/{name}.pem")
    return context


def basic(request):
    """Who logs in, "user:password"; empty: nobody."""
    scheme, _, digits = request["headers"].get("authorization", "").partition(" ")
    return base64.b64decode(digits).decode() if scheme == "Basic" else ""


def twilio(request):
    """https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource"""
    account = "AC0123456789abcdef0123456789abcdef"
    if request["path"] != f"/2010-04-01/Accounts/{account}/Messages.json" or request["method"] != "POST":
        return 404, {"code": 20404, "message": "The requested resource was not found", "status": 404}
    if basic(request) != f"{account}:{behaviour['key']}":
        return 401, {"code": 20003, "message": "Authenticate", "status": 401}
    form = dict(request["form"])
    if sorted(form) != ["Body", "From", "To"] or len(request["form"]) != 3:
        return 400, {"code": 21603, "message": "A 'From' phone number is required.", "status": 400}
    if form["To"] == "+33600000000":
        message = f"Invalid 'To' Phone Number: {form['To']}; your message was {form['Body']}"
        return 400, {"code": 21211, "message": message, "status": 400}
    answer = {"body": form["Body"], "num_segments": "1", "to": form["To"], "status": "queued"}
    return 201, answer | {"sid": "SM9f", "error_code": None}


def ovh(request):
    """https://help.ovhcloud.com/csm/en-api-getting-started-ovhcloud-api, https://eu.api.ovh.com/console/"""
    headers = request["headers"]
    said = "+".join((behaviour["key"], behaviour["consumer"], request["method"],
                     f"https://{headers['host']}{request['path']}", request["raw"],
                     headers["x-ovh-timestamp"]))
    right = "$1$" + hashlib.sha1(said.encode()).hexdigest()
    known = (headers["x-ovh-application"], headers["x-ovh-consumer"])
    if known != (behaviour["application"], behaviour["consumer"]):
        return 403, {"errorCode": "INVALID_CREDENTIAL", "message": "This credential does not exist"}
    if not hmac.compare_digest(right, headers["x-ovh-signature"]):
        return 400, {"errorCode": "INVALID_SIGNATURE", "message": "Invalid signature"}
    if request["path"] != "/1.0/sms/sms-ab12345-1/jobs" or request["method"] != "POST":
        return 404, {"message": "Got an invalid (or empty) URL"}
    job = request["json"]
    if not job["message"] or len(job["receivers"]) != 1 or not job["noStopClause"]:
        return 400, {"message": "Invalid job"}
    if job["receivers"] == ["+33600000000"]:
        return 200, {"totalCreditsRemoved": 0, "invalidReceivers": job["receivers"], "ids": [],
                     "validReceivers": []}
    return 200, {"totalCreditsRemoved": 1, "invalidReceivers": [], "ids": [87654321],
                 "validReceivers": job["receivers"]}


def vonage(request):
    """https://developer.vonage.com/en/api/messages"""
    if request["path"] != "/v1/messages" or request["method"] != "POST":
        return 404, {"title": "Not found"}
    if basic(request) != f"abcd1234:{behaviour['key']}":
        return 401, {"type": "https://developer.vonage.com/api-errors#unauthorized", "title": "Unauthorized"}
    message = request["json"]
    wanted = {"message_type", "channel", "to", "from", "text", "client_ref"}
    if set(message) != wanted or message["channel"] != "sms" or message["message_type"] != "text":
        return 422, {"title": "Invalid params", "invalid_parameters": [{"name": "channel"}]}
    if message["to"].startswith("+") or message["to"] == "33600000000":
        return 422, {"title": "Invalid params", "invalid_parameters": [{"name": "to", "reason": "no"}]}
    return 202, {"message_uuid": "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"}


PROVIDERS = {"twilio": twilio, "ovh": ovh, "vonage": vonage}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def asked(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        path, _, query = self.path.partition("?")
        kind = self.headers.get("Content-Type", "")
        read = {
            "method": self.command,
            "target": self.path,
            "path": path,
            "query": urllib.parse.parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)),
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "header_count": len(self.headers.items()),
            "raw": raw,
            "form": [],
            "json": None,
        }
        said = (read["headers"].get("x-usher-timestamp", ""), self.command,
                f"https://{self.headers['Host']}{self.path}", raw)
        key = behaviour["key"].encode()
        read["hmac"] = hmac.new(key, "\n".join(said).encode(), "sha256").hexdigest()
        if kind.startswith("application/x-www-form-urlencoded"):
            read["form"] = urllib.parse.parse_qsl(raw, keep_blank_values=True, strict_parsing=True)
        if kind.startswith("application/json"):
            read["json"] = json.loads(raw)
        return read

    def answer(self):
        asked = self.asked()
        requests.append(asked)
        if behaviour.get("hang"):
            time.sleep(3600)
        if behaviour.get("drop"):
            self.connection.close()
            self.close_connection = True
            return
        if "as" in behaviour:
            status, body = PROVIDERS[behaviour["as"]](asked)
            body = json.dumps(body)
        else:
            status, body = behaviour.get("status", 200), behaviour.get("body", "{}")
        self.send_response(status)
        for name, value in behaviour.get("headers", {}).items():
            self.send_header(name, value)
        if behaviour.get("endless"):
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b'{"x":"' + b"x" * 8000)
            except OSError:
                self.close_connection = True
            return
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    do_GET = do_POST = do_PUT = answer


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass

    def finish_request(self, request, client):
        try:
            secure = certificate(behaviour.get("certificate", "good")).wrap_socket(request, server_side=True)
        except (OSError, ssl.SSLError):
            return
        super().finish_request(secure, client)


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
for line in sys.stdin:
    order = json.loads(line)
    if "requests" in order:
        print(json.dumps(requests), flush=True)
        continue
    behaviour = order
    requests.clear()
    print("true", flush=True)
