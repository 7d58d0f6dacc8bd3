FROM python:3.11-slim-bookworm AS builder

WORKDIR /build
# Filled by the pip outside: serving needs none.
RUN python -m venv --without-pip /venv
COPY requirements.lock ./
# Wheels alone, each with its hash: nothing that is not locked runs here.
RUN --mount=type=cache,target=/root/.cache/pip \
    pip --python /venv/bin/python install --require-hashes --only-binary :all: --no-compile \
        -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY src src
# The console shows them.
COPY examples/*.* examples/
# What only building needs goes again; pip then says whether anything that stays misses something.
# Compiled once and for good: the program never writes beside its code, nor looks at a file's date.
RUN --mount=type=cache,target=/root/.cache/pip \
    pip --python /venv/bin/python install --no-build-isolation --no-deps --no-compile . \
    && pip --python /venv/bin/python uninstall --yes \
        editables hatchling pathspec pluggy trove-classifiers \
    && pip --python /venv/bin/python check \
    && python -m compileall -q --invalidation-mode unchecked-hash /venv/lib


FROM python:3.11-slim-bookworm

LABEL org.opencontainers.image.title="SwiftCRM Lead API" \
      org.opencontainers.image.description="A self-hosted front door for sales leads" \
      org.opencontainers.image.licenses="MIT"

RUN groupadd --gid 10001 swiftcrm \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data \
        --shell /usr/sbin/nologin swiftcrm \
    && install --directory --owner 10001 --group 10001 --mode 0700 /data
COPY --from=builder /venv /venv

# Without a MongoDB the image keeps leads in its volume, by an absolute path wherever it is run.
# Excel files are made there too, since /tmp is memory where the file system is read-only.
# For five seconds an ending process still answers, so that a balancer can notice.
ENV PATH="/venv/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SWIFTCRM_DATABASE_URL=sqlite:////data/swiftcrm.db \
    SWIFTCRM_DRAIN_WAIT_SECONDS=5 \
    TMPDIR=/data

USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# Asked directly, whatever proxy the environment names.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --start-interval=1s --retries=3 \
    CMD ["python", "-c", "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:8000/api/health', timeout=2)"]
CMD ["swiftcrm", "serve", "--host", "0.0.0.0", "--port", "8000"]
