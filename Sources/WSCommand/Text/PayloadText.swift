import WSKernels
import WSProtocol
import WSRender
import WSScenario

/// Describes payloads of scenarios in a few words.
enum PayloadText {
    private static let mostOctets = 40

    /// The length, and the octets as text or in hex.
    static func describe(_ payload: Payload) -> String {
        switch payload {
        case .octets(let octets):
            guard !octets.isEmpty else { return "no octets" }
            let rest = octets.count > mostOctets ? " …" : ""
            return "\(count(octets.count)) \(quoted(Array(octets.prefix(mostOctets))))\(rest)"
        case .repeating(let unit, let length):
            return length == 0 ? "no octets" : "\(count(length)) of \(quoted(Array(unit.prefix(mostOctets))))"
        case .sample(let slice):
            return "\(count(slice.length)) of \(name(slice.data)) from octet \(slice.start) on"
        }
    }

    /// The body of a Close frame: its code and reason, if it has them.
    static func describeClose(_ payload: Payload) -> String {
        guard payload.count > 0 else { return "without a body" }
        let body = CloseBody.decode(payload.octets)
        guard let code = body.code else { return describe(payload) }
        return body.reason.isEmpty ? "\(code)" : "\(code), reason of \(describe(.octets(body.reason)))"
    }

    private static func name(_ data: SampleData) -> String {
        switch data {
        case .json: "JSON"
        case .bitmap: "a bitmap"
        case .prose: "prose"
        case .markup: "HTML"
        case .document: "a document"
        }
    }

    private static func count(_ count: Int) -> String { count == 1 ? "1 octet" : "\(count) octets" }

    /// The octets as text if they are printable, else as hexadecimal digits.
    static func quoted(_ octets: [UInt8]) -> String {
        let text = String(validating: octets, as: UTF8.self)
        if let text, TextEscaping.escaped(text) == text { return "\"\(text)\"" }
        return "0x" + Hex.encode(octets)
    }
}
