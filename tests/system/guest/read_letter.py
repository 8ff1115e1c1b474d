"""A letter, read by Python's email package: whole, in two parts that name the host, to that address alone.
Prints its text part. usage: read_letter.py FILE ADDRESS"""
import email
import email.policy
import sys

with open(sys.argv[1], "rb") as file:
    raw = file.read()
mail = email.message_from_bytes(raw, policy=email.policy.default)


def expect(what, is_so):
    if not is_so:
        sys.exit(f"the letter: {what}\n{raw.decode(errors='replace')}")


expect("defects", not mail.defects and not any(part.defects for part in mail.walk()))
expect("To", [a.addr_spec for a in mail["To"].addresses] == [sys.argv[2]])
expect("one subject", len(mail.get_all("Subject")) == 1 and mail["Subject"].strip())
expect("two parts", mail.get_content_type() == "multipart/alternative" and len(list(mail.iter_parts())) == 2)
text, html = mail.iter_parts()
expect("their types", (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html"))
for part in (text, html):
    content = part.get_content()
    expect("the host and the support contact in each part", "usher-guest" in content)
    expect("nothing left of the template", "{{" not in content and "}}" not in content)
print(text.get_content())
