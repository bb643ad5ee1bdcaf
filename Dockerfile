# Vedette as an image: `docker build --tag vedette .`
#
# It answers operators on port 9464, so it wants a token: `--token-file` or VEDETTE_API_TOKEN. Accepted config is kept in
# the volume /var/lib/vedette. No init process is needed: Vedette handles SIGTERM itself, stops within 5 s and waits for
# its own children. `node .ci/image-steps.mjs` runs these steps without Docker.
FROM node:20-bookworm-slim AS build
WORKDIR /src
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .npmrc tsconfig.base.json tsconfig.json ./
COPY .ci ./.ci
COPY packages ./packages
RUN npm run setup
# The command with what it needs while it runs, and nothing else.
RUN npx --yes pnpm@10.34.8 --filter @vedette/cli deploy --prod --legacy /app

FROM node:20-bookworm-slim
# One malloc arena: up to a megabyte less per thread.
ENV NODE_ENV=production MALLOC_ARENA_MAX=1 VEDETTE_LISTEN=0.0.0.0:9464 VEDETTE_STATE=/var/lib/vedette
COPY --from=build /app /app
# 1000 is the user `node` of the base image; a volume takes owner and mode from here.
RUN install -d -o 1000 -g 1000 -m 0700 /var/lib/vedette
USER node
WORKDIR /var/lib/vedette
VOLUME /var/lib/vedette
EXPOSE 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/-/healthy').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/vedette.js"]
CMD ["run"]
