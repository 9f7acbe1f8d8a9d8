# The course in JupyterLab, and all commands of Forger, in a container. Not tested in CI.
#
#   docker build --tag forger .
#   docker run --name course -it -p 127.0.0.1:8888:8888 forger   # prints the address, with its token
#   docker start --attach --interactive course                   # later again, with the notebooks as they were
#   docker run --rm forger deno task train --help

FROM denoland/deno:bin-2.9.6 AS deno

# What setup needs; .devcontainer/ uses this stage.
FROM python:3.13-slim-bookworm AS tools
COPY --from=deno /deno /usr/local/bin/deno
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --create-home --uid 1000 --shell /bin/bash student
USER student

FROM tools AS course
WORKDIR /home/student/forger
COPY --chown=student:student . .
RUN deno task setup
EXPOSE 8888
# In a container, the server must listen on all of its addresses; the command above publishes the port to this machine only.
CMD ["deno", "task", "lab", "--no-browser", "--ip", "0.0.0.0"]
