# syntax=docker/dockerfile:1

# Built where the builder runs, for the system the image is for: Bun cross-compiles.
FROM --platform=$BUILDPLATFORM node:24-bookworm-slim AS build
ARG TARGETARCH
ARG GIT_COMMIT=unknown
WORKDIR /src
COPY package.json bun.lock ./
RUN npm install --global --no-fund --no-audit bun@1.4.5 && bun install --frozen-lockfile --production
COPY src src
COPY scripts scripts
COPY tsconfig.json ./
# Baseline: an image must run on every x64 machine, also one without AVX2.
RUN case "${TARGETARCH:-amd64}" in \
      amd64) target=bun-linux-x64-baseline ;; \
      arm64) target=bun-linux-arm64 ;; \
      *) echo "no build for ${TARGETARCH}" >&2; exit 1 ;; \
    esac \
 && GIT_COMMIT="$GIT_COMMIT" bun scripts/build.ts --target "$target" --outfile /out/amazon-chat

# glibc, certificates and nothing else: no shell, no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/amazon-chat /usr/local/bin/amazon-chat
COPY LICENSE /usr/share/doc/amazon-chat/LICENSE
USER nonroot
# Reachable from outside the container, so API_KEY must be set; without it serve refuses to start. Set PORT, not --port:
# the health check reads it too.
ENV HOST=0.0.0.0
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
  CMD ["/usr/local/bin/amazon-chat", "health"]
ENTRYPOINT ["/usr/local/bin/amazon-chat"]
CMD ["serve"]
