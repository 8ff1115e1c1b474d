#!/usr/bin/env bash
# A thousand mails and fifty kills of usher-courier: mail_flood.py says how, and takes other counts.
exec /usr/bin/python3 "$(dirname "$0")/mail_flood.py" "${1:-1000}" "${2:-50}"
