internal import CCurl
internal import Glibc

/// A request in progress. Used only on the engine's thread once it has been handed over.
final class Transfer: @unchecked Sendable {
  typealias Outcome = Result<HTTPAnswer, TransferFailure>

  /// The longest response that is buffered; the largest page of logs is far smaller.
  static let longestBody = 32 << 20

  let request: HTTPRequest
  /// Called on the engine's thread with each part of a response with status
  /// 200; returning false ends the transfer. If nil, the response is buffered.
  private let receive: (@Sendable (UnsafeRawBufferPointer) -> Bool)?
  private var finish: (@Sendable (Outcome) -> Void)?

  private(set) var easy: UnsafeMutableRawPointer?
  private var headers: UnsafeMutablePointer<curl_slist>?
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  private var body: [UInt8] = []
  private var lastProgress = ContinuousClock.now
  /// Why the response is rejected.
  private var refusal: String?

  init(
    _ request: HTTPRequest, receive: (@Sendable (UnsafeRawBufferPointer) -> Bool)? = nil,
    finish: @escaping @Sendable (Outcome) -> Void
  ) {
    self.request = request
    self.receive = receive
    self.finish = finish
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    release()
    errorText.deallocate()
  }

  private func release() {
    if let easy { curl_easy_cleanup(easy) }
    curl_slist_free_all(headers)
    (easy, headers) = (nil, nil)
  }

  // MARK: Start

  /// Creates the handle; nil if libcurl fails.
  func prepare() -> UnsafeMutableRawPointer? {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    for (name, value) in request.headers { headers = curl_slist_append(headers, "\(name): \(value)") ?? headers }
    // Send large bodies immediately: the server is near.
    headers = curl_slist_append(headers, "Expect:") ?? headers
    let context = Unmanaged.passUnretained(self).toOpaque()
    let codes = [
      pup_curl_set_text(easy, CURLOPT_URL, request.endpoint.base + request.target),
      pup_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https"),
      pup_curl_set_text(easy, CURLOPT_UNIX_SOCKET_PATH, request.endpoint.socket),
      // A proxy from the environment would receive the token.
      pup_curl_set_text(easy, CURLOPT_PROXY, ""),
      pup_curl_set_long(easy, CURLOPT_NOSIGNAL, 1),
      pup_curl_set_long(easy, CURLOPT_PATH_AS_IS, 1),
      pup_curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
      pup_curl_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
      pup_curl_set_long(easy, CURLOPT_TIMEOUT_MS, request.timeout.map(Self.milliseconds) ?? 0),
      pup_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(request.connectTimeout)),
      pup_curl_set_headers(easy, headers),
      pup_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText),
      pup_curl_set_writer(easy, Self.writer, context),
    ]
    var isSet = codes.allSatisfy { $0 == CURLE_OK }
    func also(_ code: CURLcode) { isSet = isSet && code == CURLE_OK }
    switch request.method {
    case .get: break
    case .post, .put, .delete:
      also(pup_curl_set_long(easy, CURLOPT_POST, 1))
      let body = request.body ?? []
      also(
        body.withUnsafeBytes { bytes in
          var nothing: UInt8 = 0
          return bytes.baseAddress.map { pup_curl_set_body(easy, $0, bytes.count) } ?? pup_curl_set_body(easy, &nothing, 0)
        })
      also(pup_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue))
    }
    // On a reused connection, libcurl by itself repeats a request that fails before a response.
    if !request.isIdempotent { also(pup_curl_set_long(easy, CURLOPT_FRESH_CONNECT, 1)) }
    if request.silence != nil { also(pup_curl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)) }
    if let file = request.certificateAuthority { also(pup_curl_set_text(easy, CURLOPT_CAINFO, file)) }
    return isSet ? easy : nil
  }

  private static func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return Int(clamping: max(1, min(seconds, 1_000_000) * 1000 + attoseconds / 1_000_000_000_000_000))
  }

  // MARK: Progress

  private static let writer: pup_curl_writer = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let length = size * count
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.took(UnsafeRawBufferPointer(start: bytes, count: length)) ? length : 0
  }

  /// When it is abandoned unless something arrives before; nil for a request without that limit.
  var silenceEnds: ContinuousClock.Instant? { request.silence.map { lastProgress + $0 } }

  private func took(_ bytes: UnsafeRawBufferPointer) -> Bool {
    lastProgress = .now
    if let receive, let easy, pup_curl_status(easy) == 200 {
      if let wanted = request.expectedType {
        let found = pup_curl_content_type(easy).map { String(cString: $0) } ?? ""
        guard found.lowercased().hasPrefix(wanted) else {
          refusal = "expected \(wanted), got \(found.isEmpty ? "no type" : found)"
          return false
        }
      }
      return receive(bytes)
    }
    guard body.count + bytes.count <= Self.longestBody else {
      refusal = "the response is longer than \(Self.longestBody) bytes"
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  // MARK: End

  /// libcurl's own message mentions a host and a port, which a Unix socket does not have.
  private func socketProblem(_ code: CURLcode) -> String? {
    guard code == CURLE_COULDNT_CONNECT, request.endpoint.socket != nil, let easy else { return nil }
    let number = pup_curl_os_error(easy)
    return number > 0 ? String(cString: strerror(Int32(truncatingIfNeeded: number))) : nil
  }

  func ended(_ code: CURLcode) {
    guard code == CURLE_OK, let easy else {
      return end(.failure(TransferFailure(code, detail: refusal ?? socketProblem(code) ?? String(cString: errorText))))
    }
    let seconds = pup_curl_retry_after(easy)
    end(
      .success(
        HTTPAnswer(
          status: Int(pup_curl_status(easy)), body: body, retryAfter: seconds > 0 ? .seconds(min(seconds, 3600)) : nil)))
  }

  func end(_ outcome: Outcome) {
    release()
    guard let finish else { return }
    self.finish = nil
    finish(outcome)
  }
}
