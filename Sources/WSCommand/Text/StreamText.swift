import WSKernels
import WSScenario

/// How a scenario speaks HTTP/2, in words.
enum StreamText {
    /// What is sent before the script.
    static func opening(_ stream: StreamToSpeak) -> [String] {
        var lines: [String] = []
        if !stream.settings.isEmpty {
            let settings = stream.settings.map { "\(name(ofSetting: $0.identifier)) = \($0.value)" }
            lines.append("SETTINGS with \(settings.joined(separator: ", "))")
        }
        if !stream.leavesOut.isEmpty {
            let names = stream.leavesOut.map { name(ofSetting: $0) }.joined(separator: ", ")
            lines.append("SETTINGS without \(names)")
        }
        if !stream.lateSettings.isEmpty {
            let settings = stream.lateSettings.map { "\(name(ofSetting: $0.identifier)) = \($0.value)" }
            let delay = "\(StreamToSpeak.lateness) ms later"
            lines.append("SETTINGS with \(settings.joined(separator: ", ")) \(delay)")
        }
        if !stream.givesCredit { lines.append("no WINDOW_UPDATE for the stream but those that follow") }
        if stream.companions > 0 {
            lines.append("the same on \(stream.companions) more streams of the connection")
        }
        if stream.exceedsLimit {
            lines.append("the same on as many more streams as the server takes at a time, so that one is too many")
        }
        let ends = stream.endsRequest ? ", with END_STREAM" : ""
        if let request = stream.request {
            lines.append("these field lines\(ends):")
            lines += request.map { $0 == .ofUser ? "  \($0.name)" : "  \($0.name): \($0.value)" }
        } else if stream.endsRequest {
            lines.append("the Extended CONNECT\(ends)")
        }
        switch stream.answer {
        case .fields(let fields, let endsStream):
            lines.append("a response of these field lines\(endsStream ? ", with END_STREAM" : ""):")
            lines += fields.map { "  \($0.name): \($0.value)" }
        case .frames(let octets): lines += ["instead of a response:"] + frames(octets).map { "  \($0)" }
        case nil: break
        }
        return lines
    }

    /// What follows once the stream has ended.
    static func ending(_ stream: StreamToSpeak) -> [String] {
        let last = "once the stream has ended: PING, to see whether the connection lives"
        guard !stream.afterwards.isEmpty else { return [last] }
        return ["once the stream has ended: \(frames(stream.afterwards).joined(separator: "; ")); then PING"]
    }

    /// The frames that octets consist of.
    static func frames(_ octets: [UInt8]) -> [String] {
        var lines: [String] = []
        var rest = octets[...]
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let length = head[..<3].reduce(0) { $0 << 8 | Int($1) }
            let stream = head[5...].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
            let payload = rest.dropFirst(9).prefix(length)
            let type = types.indices.contains(Int(head[3])) ? types[Int(head[3])] : "frame of type \(head[3])"
            let place = stream == 0 ? "" : " on stream \(stream)"
            let shown = Hex.encode(Array(payload.prefix(24))) + (payload.count > 24 ? " …" : "")
            let content = payload.isEmpty ? "empty" : "0x\(shown)"
            lines.append("\(type)\(place), flags \(head[4]), \(content)")
            rest = rest.dropFirst(9 + length)
        }
        return lines
    }

    /// Names of error codes (RFC 9113, 7).
    static func codes(_ codes: [UInt32]) -> String {
        codes.map { $0 < UInt32(errors.count) ? errors[Int($0)] : "error code \($0)" }.joined(separator: " or ")
    }

    private static func name(ofSetting identifier: UInt16) -> String {
        settings.indices.contains(Int(identifier)) ? settings[Int(identifier)] : "setting \(identifier)"
    }

    private static let types = [
        "DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY", "WINDOW_UPDATE",
        "CONTINUATION",
    ]
    private static let settings = [
        "setting 0", "HEADER_TABLE_SIZE", "ENABLE_PUSH", "MAX_CONCURRENT_STREAMS", "INITIAL_WINDOW_SIZE",
        "MAX_FRAME_SIZE", "MAX_HEADER_LIST_SIZE", "setting 7", "ENABLE_CONNECT_PROTOCOL",
    ]
    private static let errors = [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
        "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ]
}
