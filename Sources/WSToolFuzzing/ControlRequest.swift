import WSFuzzing
import WSKernels
import WSProtocol

/// A request of a connection that an input makes up, and the octets after it.
struct ControlRequest {
    /// The octets to send.
    private(set) var octets: [UInt8]
    /// Whether it comes from a page of another origin and says so.
    private(set) var isForeign = false
    /// Whether a page may send it without naming its origin: plain HTTP without the token of our page.
    private(set) var isForged = false

    /// The request as text.
    var text: String { String(decoding: octets.prefix(2_000), as: UTF8.self) }

    private static let targets = [
        "/getCaseCount", "/getCaseInfo?case=1", "/getCaseInfo?casetuple=a/one", "/runCase?case=2&agent=x",
        "/runCase?case=-9223372036854775808&agent=x", "/getCaseStatus?case=1&agent=x", "/updateReports?agent=x",
        "/updateReports?agent=x&shutdownOnComplete=true", "/stopServer", "/", "/commands", "/runCase", "/case/x/a/one",
        "/api/plan", "/api/result?case=1&agent=x", "/api/finish?agent=x&unopened=2,3&token=token",
        "/api/finish?agent=x&unopened=1,4", "/runCase?casetuple=b/close&agent=y", "/runCase?case=", "/index.html",
    ]
    private static let fields = [
        "Origin: https://evil.example", "Origin: null", "Origin: ", "Origin: chrome-extension://abcdefgh",
        "Origin: moz-extension://abcdefgh", "Origin: file://", "Origin: http://127.0.0.1:9001",
        "Sec-Fetch-Site: cross-site", "Sec-WebSocket-Protocol: a, b", "Sec-WebSocket-Extensions: permessage-deflate",
    ]
    private static let foreign = 6

    /// Parses a request from an input.
    init(_ cursor: inout OctetCursor) {
        let form = cursor.next()
        guard form >= 32 else {
            // This kind consists of literal octets.
            octets = cursor.take(Int(cursor.next()) * 4)
            return
        }
        let choice = Int(cursor.next())
        var target = Self.targets[choice % Self.targets.count]
        if choice >= 128 { target += String(decoding: cursor.take(Int(cursor.next() & 63)), as: UTF8.self) }
        var lines: [String] = []
        let isWebSocket = form < 176
        let isPost = form & 3 == 3
        lines.append("\(isPost && !isWebSocket ? "POST" : "GET") \(target) HTTP/1.1")
        lines.append("Host: 127.0.0.1:9001")
        if isWebSocket {
            lines += [
                "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13",
            ]
        }
        let field = Int(cursor.next())
        if field >= 128 {
            let index = field % Self.fields.count
            lines.append(Self.fields[index])
            isForeign = index < Self.foreign
        }
        // A field of the input's own may change the kind of request.
        let hasOwn = field & 15 == 15
        if hasOwn { lines.append(String(decoding: cursor.take(Int(cursor.next())), as: UTF8.self)) }
        isForged = !isWebSocket && !hasOwn && choice < 128 && !(isPost && target.contains("token"))
        octets = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        if isWebSocket { octets += Self.frames(&cursor) }
    }

    /// Frames of a client: direct commands, similar messages, and violations.
    private static func frames(_ cursor: inout OctetCursor) -> [UInt8] {
        var octets: [UInt8] = []
        for _ in 0..<Int(cursor.next() & 7) {
            let kind = cursor.next()
            let opcode: Opcode = [.text, .text, .text, .binary, .continuation, .ping, .close, .pong][Int(kind & 7)]
            let payload = kind & 0x40 == 0 ? command(&cursor) : cursor.take(Int(cursor.next()))
            FrameHeader(
                fin: kind & 0x20 == 0,
                opcode: opcode,
                maskingKey: kind & 0x80 == 0 ? MaskingKey(rawValue: 0x0102_0304) : nil,
                payloadLength: UInt64(payload.count)
            ).encode(payload: payload.span, into: &octets)
        }
        return octets
    }

    private static func command(_ cursor: inout OctetCursor) -> [UInt8] {
        let count = Int(cursor.next()) << Int(cursor.next() % 24)
        let chop = Int(cursor.next()) << Int(cursor.next() % 16)
        let text = String(decoding: cursor.take(Int(cursor.next() & 31)), as: UTF8.self)
            .filter { $0 != "\"" && $0 != "\\" && $0 >= " " }
        let frame = #"{"payload": "\#(text)x", "payload_len": \#(count), "chopsize": \#(chop)}"#
        let command =
            switch cursor.next() & 7 {
            case 0: #"["sendframe", \#(frame)]"#
            case 1: #"["sendframes", [\#(frame), \#(frame), \#(frame)]]"#
            case 2: #"["echo", \#(frame)]"#
            case 3: #"["close", {"code": \#(count), "reason": "\#(text)"}]"#
            case 4: #"["sendframes", [\#(Array(repeating: frame, count: 8).joined(separator: ", "))]]"#
            default: text
            }
        return Array(command.utf8)
    }
}
