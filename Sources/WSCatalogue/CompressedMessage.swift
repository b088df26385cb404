import WSDeflate
import WSProtocol
import WSScenario

/// A message whose compressed payload is written by hand, with the content that it has to be inflated to.
struct CompressedMessage: Sendable {
    /// The type.
    var opcode: Opcode
    /// The payload on the wire, without the tail that a receiver appends (RFC 7692, 7.2.2).
    var payload: [UInt8]
    /// The content.
    var content: Payload

    /// Creates a message from its blocks.
    ///
    /// - Parameters:
    ///   - content: The content.
    ///   - opcode: Text or binary.
    ///   - isEnded: Whether the first octet of the empty stored block follows, the rest of which is the tail.
    ///   - write: Writes the blocks.
    init(
        _ content: Payload,
        _ opcode: Opcode = .text,
        isEnded: Bool = true,
        write: (inout DeflateWriter) -> Void
    ) {
        var writer = DeflateWriter()
        write(&writer)
        if isEnded { writer.endMessage() }
        self.init(content, opcode, payload: writer.octets)
    }

    /// Creates a message from the octets of its payload.
    init(_ content: Payload, _ opcode: Opcode = .text, payload: [UInt8]) {
        self.opcode = opcode
        self.content = content
        self.payload = payload
    }

    /// Creates a text in one block with fixed codes.
    static func fixed(_ text: String) -> Self {
        Self(.text(text)) { $0.appendFixed(DeflateSymbol.literals(text.utf8)) }
    }

    /// Creates a text in one stored block, or in several if one does not hold it.
    static func stored(_ text: String) -> Self { Self(.text(text)) { $0.appendStored(Array(text.utf8)) } }

    /// Creates a text in one block with codes of its own.
    static func dynamic(_ text: String) -> Self {
        Self(.text(text)) { $0.appendDynamic(DeflateSymbol.literals(text.utf8)) }
    }

    /// Creates a text that consists of one reference to earlier messages.
    static func reference(_ text: String, distance: Int) -> Self {
        Self(.text(text)) { $0.appendFixed([.match(length: text.utf8.count, distance: distance)]) }
    }

    /// "Hello" as in RFC 7692, 7.2.3.1.
    static let hello = Self(.text("Hello"), payload: [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])

    /// The echo that is due.
    var echo: ExpectedEvent { .message(opcode, content) }

    /// The step that sends the message in one frame.
    var step: Step { .send(frame()) }

    /// The message in one frame.
    func frame(pacing: WritePacing = .together) -> FrameToSend {
        FrameToSend(opcode, .octets(payload), rsv: 4, pacing: pacing)
    }

    /// The message in fragments that are cut at these places of its payload; an empty fragment is cut twice at one.
    func frames(cutAt places: [Int]) -> [FrameToSend] {
        let borders = [0] + places + [payload.count]
        return zip(borders, borders.dropFirst()).enumerated().map { index, border in
            FrameToSend(
                index == 0 ? opcode : .continuation,
                .octets(Array(payload[border.0..<border.1])),
                fin: index == borders.count - 2,
                rsv: index == 0 ? 4 : 0
            )
        }
    }
}

extension [DeflateSymbol] {
    /// So many octets that equal the one before: none, or three at least.
    static func run(of length: Int) -> Self {
        guard length > 0 else { return [] }
        precondition(length >= 3)
        let longest = [DeflateSymbol](repeating: .match(length: 258, distance: 1), count: length / 258)
        let rest = length % 258
        switch rest {
        case 0: return longest
        // A rest of one or two octets is too short for a match, and is shared with the one before.
        case 1...2:
            return longest.dropLast() + [.match(length: 255, distance: 1), .match(length: 3 + rest, distance: 1)]
        default: return longest + [.match(length: rest, distance: 1)]
        }
    }
}
