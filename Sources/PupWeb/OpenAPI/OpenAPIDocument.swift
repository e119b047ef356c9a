internal import PupAPI
internal import PupTokens

/// The interface in the words of OpenAPI 3.1, made from the routes that are served.
struct OpenAPIDocument {
  let groups: [RouteGroup]
  let version: String

  var json: JSONValue {
    [
      "openapi": "3.1.0",
      "info": [
        "title": "Pup", "version": .string(version.isEmpty ? "0" : version),
        "description": .string(Self.description),
        "license": ["name": "MIT", "identifier": "MIT"],
      ],
      "servers": [["url": "/"]],
      "tags": .array(groups.map { ["name": .string($0.tag), "description": .string($0.summary)] }),
      "paths": paths,
      "components": [
        "securitySchemes": ["bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"]],
        "schemas": .object(APISchemas.all),
      ],
    ]
  }

  private static let description = """
    Supervision of processes: state, control, logs and events. A path may have \(limits.pathBytes) bytes, the headers \(limits.headerBytes), a body \
    \(limits.bodyBytes), a query 64 parameters, of which an empty one counts as missing and the first of a name counts. Whatever is not a valid \
    HTTP/1.1 request is answered once, with 400, 413, 414, 431 or 505, and ends the connection. Chunk extensions and trailers are refused.
    """
  private static let limits = WebLimits()

  private var paths: JSONValue {
    var paths = JSONObject()
    for group in groups {
      for route in group.routes {
        var item = paths[route.path]?.objectValue ?? JSONObject()
        item[route.method.rawValue.lowercased()] = operation(route, tag: group.tag)
        paths[route.path] = .object(item)
      }
    }
    return .object(paths)
  }

  private func operation(_ route: Route, tag: String) -> JSONValue {
    var operation = JSONObject([("operationId", .string(route.operation.name)), ("summary", .string(route.operation.summary))])
    operation["tags"] = [.string(tag)]
    operation["security"] = route.operation.permissions.isEmpty ? [] : [["bearer": []]]
    if !route.operation.permissions.isEmpty {
      operation["x-required-scopes"] = .array(route.operation.permissions.map { .string($0.rawValue) })
    }
    if !route.operation.parameters.isEmpty { operation["parameters"] = .array(route.operation.parameters.map(parameter)) }
    if let body = route.operation.body {
      operation["requestBody"] = [
        "required": true,
        "content": ["application/json": media(RouteTable.reference(body), example: APIExamples.bodies[body])],
      ]
    }
    operation["responses"] = responses(route)
    return .object(operation)
  }

  private func parameter(_ parameter: OperationParameter) -> JSONValue {
    var value = JSONObject([
      ("name", .string(parameter.name)), ("in", .string(parameter.place.rawValue)), ("required", .bool(parameter.isRequired)),
      ("description", .string(parameter.summary)), ("schema", parameter.schema),
    ])
    if case .words = parameter.kind { (value["style"], value["explode"]) = ("form", false) }
    return .object(value)
  }

  private func media(_ schema: JSONValue, example: JSONValue?) -> JSONValue {
    var content = JSONObject([("schema", schema)])
    content["example"] = example
    return .object(content)
  }

  private func content(_ type: String, _ schema: JSONValue, example: JSONValue?) -> JSONValue {
    .object(JSONObject([(type, media(schema, example: example))]))
  }

  private func responses(_ route: Route) -> JSONValue {
    var answer = JSONObject([("description", .string(route.operation.answer.summary))])
    if !route.operation.answer.headers.isEmpty {
      answer["headers"] = .object(
        JSONObject(
          route.operation.answer.headers.map { header in
            (header.name, ["description": .string(header.summary), "required": false, "schema": header.schema])
          }))
    }
    if let schema = route.operation.answer.schema {
      answer["content"] = content(route.operation.answer.type, schema, example: APIExamples.answers[route.operation.name])
    } else if !route.operation.answer.type.isEmpty {
      answer["content"] = content(
        route.operation.answer.type, ["type": "string"], example: APIExamples.answers[route.operation.name])
    }
    var responses = JSONObject([(String(route.operation.answer.status), .object(answer))])
    for (status, codes) in route.operation.statuses {
      let names = codes.map { "`\($0.rawValue)`" }.joined(separator: ", ")
      responses[String(status)] = [
        "description": .string(names),
        "content": content("application/json", RouteTable.reference("Error"), example: codes.first.flatMap(APIExamples.error)),
      ]
    }
    return .object(responses)
  }
}

extension Operation {
  /// Any request may be answered with one of these.
  static let commonCodes: Set<PupErrorCode> = [
    .invalidRequest, .hostNotAllowed, .pathTooLong, .headersTooLarge, .bodyTooLarge, .tooManyRequests,
  ]

  /// The errors that may come.
  var codes: Set<PupErrorCode> {
    var codes = Self.commonCodes.subtracting([.tooManyRequests]).union(errors)
    if parameters.contains(where: { !$0.isInPath }) { codes.insert(.invalidParameter) }
    if body != nil { codes.formUnion([.invalidBody, .unsupportedMediaType]) }
    if !permissions.isEmpty { codes.formUnion([.unauthorized, .forbidden, .tooManyRequests]) }
    return codes
  }

  var statuses: [(status: Int, codes: [PupErrorCode])] { statuses(of: codes) }

  /// By HTTP status.
  func statuses(of codes: Set<PupErrorCode>) -> [(status: Int, codes: [PupErrorCode])] {
    var grouped: [Int: [PupErrorCode]] = [:]
    for code in PupErrorCode.allCases where codes.contains(code) { grouped[code.status, default: []].append(code) }
    return grouped.sorted { $0.key < $1.key }.map { (status: $0.key, codes: $0.value) }
  }
}
