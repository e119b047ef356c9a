internal import CMicroHTTPD
internal import Glibc

// C functions that libmicrohttpd calls; the context is the listener, the socket context the connection.

func accessCallback(
  _ context: UnsafeMutableRawPointer?, _ handle: OpaquePointer?, _ url: UnsafePointer<CChar>?, _ method: UnsafePointer<CChar>?,
  _ version: UnsafePointer<CChar>?, _ data: UnsafePointer<CChar>?, _ count: UnsafeMutablePointer<Int>?,
  _ unused: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let context, let handle, let url, let method, let version, let count, let known = pup_mhd_socket_context(handle) else {
    return .NO
  }
  let listener = Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue()
  let connection = Unmanaged<ClientConnection>.fromOpaque(known).takeUnretainedValue()
  guard let exchange = connection.exchange else {
    return listener.access(connection, readHead(handle, connection, url, method, version))
  }
  guard count.pointee == 0 else {
    let bytes = UnsafeRawBufferPointer(start: data, count: count.pointee)
    count.pointee = 0
    return listener.received(bytes, exchange)
  }
  return listener.proceed(exchange, connection)
}

func completedCallback(
  _ context: UnsafeMutableRawPointer?, _ handle: OpaquePointer?, _ unused: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ reason: MHD_RequestTerminationCode
) {
  guard let context, let handle, let known = pup_mhd_socket_context(handle) else { return }
  let listener = Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue()
  listener.completed(Unmanaged<ClientConnection>.fromOpaque(known).takeUnretainedValue())
}

func connectionCallback(
  _ context: UnsafeMutableRawPointer?, _ handle: OpaquePointer?, _ stored: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ event: MHD_ConnectionNotificationCode
) {
  guard let context, let handle, let stored else { return }
  let listener = Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue()
  if event == .CONNECTION_NOTIFY_STARTED {
    stored.pointee = Unmanaged.passRetained(listener.opened(handle)).toOpaque()
  } else if let known = stored.pointee {
    stored.pointee = nil
    listener.closed(Unmanaged<ClientConnection>.fromOpaque(known).takeRetainedValue())
  }
}

/// Called with the request line, before the query is taken apart in place.
func uriCallback(_ context: UnsafeMutableRawPointer?, _ uri: UnsafePointer<CChar>, _ handle: OpaquePointer?)
  -> UnsafeMutableRawPointer?
{
  guard let handle, let known = pup_mhd_socket_context(handle) else { return nil }
  let connection = Unmanaged<ClientConnection>.fromOpaque(known).takeUnretainedValue()
  connection.target = Array(UnsafeRawBufferPointer(start: uri, count: strlen(uri)))
  // We take the query apart ourselves. libmicrohttpd would as well, and hang where its memory does not hold so many parameters.
  if let query = strchr(uri, Int32(UInt8(ascii: "?"))) { query[1] = 0 }
  return nil
}

private func readHead(
  _ handle: OpaquePointer, _ connection: ClientConnection, _ url: UnsafePointer<CChar>, _ method: UnsafePointer<CChar>,
  _ version: UnsafePointer<CChar>
) -> RequestHead {
  var collector = HeaderCollector(RequestLayout(method: method, target: url, count: connection.target.count, version: version))
  withUnsafeMutablePointer(to: &collector) { pointer in
    _ = MHD_get_connection_values_n(
      handle, .HEADER_KIND,
      { context, _, name, nameCount, value, valueCount in
        guard let context else { return .NO }
        context.assumingMemoryBound(to: HeaderCollector.self).pointee.add(
          UnsafeRawBufferPointer(start: name, count: nameCount), UnsafeRawBufferPointer(start: value, count: valueCount))
        return .YES
      }, pointer)
  }
  return RequestHead(
    method: String(cString: method), target: String(decoding: connection.target, as: UTF8.self),
    version: String(cString: version), headers: collector.headers, isRegular: collector.layout.isRegular,
    headerBytes: collector.bytes)
}

private struct HeaderCollector {
  var headers = HTTPHeaders()
  var bytes = 0
  var layout: RequestLayout

  init(_ layout: RequestLayout) { self.layout = layout }

  mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    bytes += name.count + value.count + 4
    layout.add(name, value)
    headers.append(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
  }
}
