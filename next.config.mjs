/** @type {import("next").NextConfig} */
const config = {
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  outputFileTracingRoot: import.meta.dirname,
  // Writing what the next build may reuse takes a third of the time of this one, and most builds begin in a fresh clone.
  experimental: { turbopackFileSystemCacheForBuild: false },
  turbopack: { root: import.meta.dirname },
  // What the proxy does not see: files that stand as they are.
  headers: async () => [
    {
      source: "/:file(_next/static/.*|favicon\\.ico|icon\\.svg|accord\\.schema\\.json|contract\\.schema\\.json)",
      headers: [
        { key: "x-content-type-options", value: "nosniff" },
        { key: "x-frame-options", value: "DENY" },
        { key: "cross-origin-resource-policy", value: "same-origin" },
        { key: "content-security-policy", value: "default-src 'none'; frame-ancestors 'none'" },
      ],
    },
  ],
  serverExternalPackages: ["pg", "pino"],
};
export default config;
