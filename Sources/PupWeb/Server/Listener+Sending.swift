internal import CMicroHTTPD
internal import Glibc
internal import PupSystem

extension Listener {
  /// What a page of another origin may read besides the content.
  private static let exposedHeaders = RouteTable.all.flatMap(\.answer.headers).map(\.name).reduce("X-Request-Id") { list, name in
    list.contains(name) ? list : "\(list), \(name)"
  }

  func send(_ response: HTTPResponse, of exchange: Exchange, on connection: ClientConnection) -> MHD_Result {
    exchange.phase = .sent
    var size = 0
    let made: OpaquePointer?
    switch response.content {
    case .bytes(let body):
      size = body.count
      connection.deadline = Clock.boot + seconds(limits.answerSeconds)
      made = body.withUnsafeBytes { bytes in
        // libmicrohttpd copies at once; its parameter is mutable for the modes that we do not use.
        MHD_create_response_from_buffer(
          bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
      }
    case .events(let stream):
      connection.deadline = .max
      stream.attach(exchange, connection)
      made = pup_mhd_stream(streamReader, Unmanaged.passRetained(stream).toOpaque(), streamRelease)
    case .webSocket:
      connection.deadline = .max
      made = MHD_create_response_for_upgrade(upgradeCallback, Unmanaged.passUnretained(exchange).toOpaque())
    }
    guard let made else { return .NO }
    defer { MHD_destroy_response(made) }
    for header in response.headers { MHD_add_response_header(made, header.name, header.value) }
    MHD_add_response_header(made, "X-Request-Id", exchange.request.id)
    if let origin = exchange.sharedOrigin {
      MHD_add_response_header(made, "Access-Control-Allow-Origin", origin)
      MHD_add_response_header(made, "Access-Control-Expose-Headers", Self.exposedHeaders)
      MHD_add_response_header(made, "Vary", "Origin")
    }
    server.service.answered(exchange, status: response.status, bytes: size)
    return MHD_queue_response(connection.handle, UInt32(response.status), made)
  }
}

/// libmicrohttpd asks for the next part of a stream.
private func streamReader(
  _ context: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int
) -> Int {
  guard let context, let buffer else { return PUP_MHD_END_OF_STREAM }
  let stream = Unmanaged<EventStream>.fromOpaque(context).takeUnretainedValue()
  return stream.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: capacity))
}

private func streamRelease(_ context: UnsafeMutableRawPointer?) {
  guard let context else { return }
  Unmanaged<EventStream>.fromOpaque(context).takeRetainedValue().closed()
}

private func upgradeCallback(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ unused: UnsafeMutableRawPointer?,
  _ extra: UnsafePointer<CChar>?, _ extraCount: Int, _ socket: Int32, _ handle: OpaquePointer?
) {
  guard let context, let handle else { return }
  let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
  let early = extra.map { Array(UnsafeRawBufferPointer(start: $0, count: extraCount)) } ?? []
  exchange.listener.server.service.upgraded(exchange, socket: socket, handle: handle, early: early)
}
