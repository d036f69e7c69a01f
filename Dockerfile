# One image for web, worker, beat and migrate; compose.yaml says which is which.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PATH=/srv/venv/bin:$PATH

RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin concours \
    && python -m venv /srv/venv

WORKDIR /srv/concours

# Before the code, so that a change of code installs nothing. Behind a package mirror:
# docker build --secret id=pip,src=$HOME/.config/pip/pip.conf .
COPY requirements.txt constraints.txt ./
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    pip install --no-cache-dir --disable-pip-version-check -c constraints.txt -r requirements.txt

COPY . .
# The code belongs to root and only var/ to the one who runs it: what a request breaks into cannot
# change the program. The key serves this step alone; var/ must not keep one, or every copy shares it.
RUN python -m compileall -q /srv/concours \
    && SECRET_KEY=only-for-this-step python manage.py collectstatic --noinput \
    && mkdir -p var/media \
    && chown -R concours: var

USER concours
ENV WHITENOISE_USE_FINDERS=no \
    WEB_CONCURRENCY=2
EXPOSE 8000

# Gunicorn touches a file to show it lives; on a disk that may block.
CMD ["gunicorn", "concours.wsgi", "--bind", "0.0.0.0:8000", "--threads", "8", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
