# Two stages: the first builds, the second holds what runs. Nothing is written below /accord while it runs, so its root may be read-only.
FROM node:22-bookworm-slim AS build
WORKDIR /accord
COPY package.json package-lock.json ./
COPY client/package.json ./client/
RUN npm ci
COPY . .
RUN npm run build && rm -rf .next/cache && npm prune --omit=dev --omit=optional

FROM node:22-bookworm-slim
WORKDIR /accord
# Inside a container every interface: what reaches it is what the container's network lets through.
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOST=0.0.0.0
COPY --from=build /accord/package.json /accord/next.config.mjs ./
COPY --from=build /accord/node_modules ./node_modules
COPY --from=build /accord/public ./public
COPY --from=build /accord/drizzle/migrations ./drizzle/migrations
COPY --from=build /accord/lib/launch/exit-with-parent.cjs ./lib/launch/
COPY --from=build /accord/lib/sources/presets/native/schema.sql ./lib/sources/presets/native/
COPY --from=build /accord/dist ./dist
COPY --from=build /accord/.next ./.next
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/api/health/alive`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/start.js"]
