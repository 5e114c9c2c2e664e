# The service over a PostgreSQL of your own: set NACOR_DATABASE_URL, mount a volume at /data.
FROM python:3.11-slim-bookworm

# libxml2 makes many small allocations, at which mimalloc is good; it is preloaded, not linked.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libmimalloc2.0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 nacor \
    && install --directory --owner nacor --mode 0700 /data
ENV LD_PRELOAD=libmimalloc.so.2.0 \
    NACOR_DATA_DIR=/data \
    PYTHONUNBUFFERED=1

WORKDIR /srv/registry
COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt

COPY pyproject.toml README.md alembic.ini ./
COPY schemas schemas
COPY migrations migrations
COPY app app
# Who runs it may write nothing here: without this every process would compile what it loads.
RUN python -m compileall -q app migrations
# Run from the source tree: the schemas and migrations stand beside the package.
ENV PYTHONPATH=/srv/registry

USER nacor
VOLUME /data
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz')"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve", "--host", "0.0.0.0"]
