"""A Django site that is controlled line by line: `django_site.py <settings as JSON>`.

Each line of standard input is a JSON object with the name of a function below and its arguments; each line of standard
output is the JSON of what it returns, or of the error that it raised.
"""

import json
import sys
from importlib import import_module

import django
from django.conf import settings

given = json.loads(sys.argv[1])
settings.configure(
    SECRET_KEY=given["secretKey"],
    SESSION_ENGINE=given.get("engine", "django.contrib.sessions.backends.db"),
    SESSION_SERIALIZER="django.contrib.sessions.serializers.JSONSerializer",
    INSTALLED_APPS=["django.contrib.sessions"],
    DATABASES={"default": given["database"]} if "database" in given else {},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
    TIME_ZONE="Asia/Kolkata",
)
django.setup()

from django.core.management import call_command  # noqa: E402

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


def migrate():
    call_command("migrate", "sessions", verbosity=0)


def create(source, expiry=None):
    """`source` is the data as Python source, which can express more numbers than JSON."""
    session = SessionStore()
    session.update(eval(source, {"nan": float("nan")}))
    if expiry is not None:
        session.set_expiry(expiry)
    session.save()
    return session.session_key


def read(key):
    session = SessionStore(key)
    data = dict(session.items())
    return {
        "key": session.session_key,
        "source": repr(data),
        "age": session.get_expiry_age(),
        "browser": session.get_expire_at_browser_close(),
    }


def update(key, values, expiry=None):
    session = SessionStore(key)
    session.update(values)
    if expiry is not None:
        session.set_expiry(expiry)
    session.save()
    return session.session_key


def cycle(key):
    session = SessionStore(key)
    session.cycle_key()
    session.save()
    return session.session_key


def flush(key):
    SessionStore(key).flush()


def exists(key):
    return SessionStore().exists(key)


def row(key):
    from django.contrib.sessions.models import Session

    found = Session.objects.get(pk=key)
    return {"expires": found.expire_date.timestamp(), "data": found.session_data}


def age(key, seconds):
    """Moves the deadline of a row into the past or the future."""
    from datetime import timedelta

    from django.contrib.sessions.models import Session
    from django.utils import timezone

    Session.objects.filter(pk=key).update(expire_date=timezone.now() + timedelta(seconds=seconds))


def clearsessions():
    call_command("clearsessions")


for line in sys.stdin:
    call = json.loads(line)
    try:
        answer = {"answer": globals()[call["name"]](*call["args"])}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
