// A link that breaks: after so many bytes from the client, the connection is gone.
import net from 'node:net'

/** Starts it; `cuts()` tells how often it broke, `sent()` how many bytes went to the hub. */
export async function startProxy(target, cutAfter) {
  let cuts = 0
  let sent = 0
  const server = net.createServer((client) => {
    const hub = net.connect(target.port, target.host)
    let left = cutAfter
    const gone = () => {
      client.destroy()
      hub.destroy()
    }
    client.on('error', gone).on('close', () => hub.end())
    hub.on('error', gone).on('close', () => client.destroy())
    hub.pipe(client)
    client.on('data', (bytes) => {
      if (left <= 0) return
      const passed = bytes.subarray(0, left)
      left -= passed.length
      sent += passed.length
      if (left > 0) {
        if (!hub.write(passed)) {
          client.pause()
          hub.once('drain', () => client.resume())
        }
        return
      }
      cuts += 1
      // what is under way arrives; the client hears nothing more
      hub.end(passed)
      client.destroy()
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cuts: () => cuts,
    sent: () => sent,
    close: () => server.close(),
  }
}
