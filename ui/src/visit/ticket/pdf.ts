// WebKitGTK shows no PDF by itself, so pages are drawn on canvases. Loaded only when a ticket is looked at.
import {
  getDocument,
  GlobalWorkerOptions,
  type PDFDocumentProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs'
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

GlobalWorkerOptions.workerSrc = worker

/** A ticket that can be drawn page by page. */
export interface Ticket {
  pages: number
  /** Draws page `n` (from 1) `width` CSS pixels wide. */
  draw(n: number, canvas: HTMLCanvasElement, width: number): Promise<void>
  close(): void
}

/** The bytes of a base64 text. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
}

/** Opens a PDF; its fonts are embedded, so nothing is loaded from anywhere. */
export async function openTicket(base64: string): Promise<Ticket> {
  const loading = getDocument({
    data: bytesOf(base64),
    useSystemFonts: false,
    isEvalSupported: false,
  })
  const pdf: PDFDocumentProxy = await loading.promise
  return {
    pages: pdf.numPages,
    async draw(n, canvas, width) {
      const page = await pdf.getPage(n)
      const dots = window.devicePixelRatio || 1
      const scale = (width * dots) / page.getViewport({ scale: 1 }).width
      const viewport = page.getViewport({ scale })
      canvas.width = Math.round(viewport.width)
      canvas.height = Math.round(viewport.height)
      await page.render({ canvas, viewport }).promise
    },
    close: () => void loading.destroy(),
  }
}
