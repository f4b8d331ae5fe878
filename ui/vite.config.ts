import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  // no component is written with options
  define: { __VUE_OPTIONS_API__: 'false' },
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  clearScreen: false,
  server: { host: '127.0.0.1', port: 1420, strictPort: true },
  build: {
    // the oldest webview we promise: WebKitGTK 2.40 of Debian 12, that is Safari 16.4
    target: 'safari16.4',
    // a data: picture would be one more thing the content policy has to allow
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    // on a slow machine it would lecture newcomers about plugins
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/testing.setup.ts'],
    restoreMocks: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // the last line is counted by scripts/test.sh
    reporters: process.env.CI ? ['dot'] : ['default'],
  },
})
