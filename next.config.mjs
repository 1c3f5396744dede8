/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // A measurement builds beside the pages that are served, never over them.
  distDir: process.env.BUILD_DIR || '.next',
  // Addresses of event streams carry bearer tokens, which don't belong into a log.
  logging: { incomingRequests: false },
  images: { unoptimized: true },
  // `npm run check` runs the compiler over the whole repository; a build need not do it twice.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['@electric-sql/pglite', 'pg', 'drizzle-orm', 'ws'],
};

export default config;
