import WSDeflate
import WSProtocol

/// A message of a model peer, inflated if it was compressed.
struct ReadMessage: Equatable, CustomStringConvertible {
    var opcode: Opcode
    var content: [UInt8]
    /// What it was made of; nil if it was not compressed.
    var deflated: DeflatedMessage?

    var text: String { String(decoding: content, as: UTF8.self) }

    var description: String { "\(opcode.name) \(content.count <= 40 ? text : "\(content.count) octets")" }
}

extension Conversation {
    /// What the server agreed to.
    var compression: DeflateParameters? { head.flatMap { Negotiation($0).compression } }

    /// The messages of the server, and the rules that it broke, read with what it agreed to.
    var inflated: (messages: [ReadMessage], violations: [ViolationRule]) {
        var reader = MessageReader(sender: .server, negotiation: Negotiation(compression: compression))
        var read: (messages: [ReadMessage], violations: [ViolationRule]) = ([], [])
        var content: [UInt8] = []
        var position = 0
        while let event = reader.next(in: octets.span, at: &position) {
            switch event {
            case .frame(let header, _) where header.opcode == .text || header.opcode == .binary: content = []
            case .content(let piece): reader.append(piece, in: octets.span, to: &content)
            case .message(let message, _):
                read.messages.append(
                    ReadMessage(opcode: message.opcode, content: content, deflated: reader.deflated)
                )
            case .violation(let violation): read.violations.append(violation.rule)
            case .frame, .frameEnd, .control, .close: break
            }
        }
        return read
    }

    /// The texts of the messages.
    var texts: [String] { inflated.messages.map(\.text) }

    /// The code of the server's Close frame.
    var closeCode: UInt16? {
        frames.first { $0.opcode == .close }.flatMap { CloseBody.decode($0.payload).code }
    }
}

extension Conversation {
    /// The values of what the server accepts.
    var accepted: [String] { values(of: "Sec-WebSocket-Extensions") }
}

extension ScriptedClient {
    /// A client that offers permessage-deflate without parameters.
    static func offering(_ frames: [[UInt8]]) -> ScriptedClient { offering("permessage-deflate", frames) }

    /// A client that offers permessage-deflate and sends these frames in one write.
    static func offering(_ offer: String, _ frames: [[UInt8]]) -> ScriptedClient {
        ScriptedClient([frames.flatMap(\.self)], request: handshake { $0.extensions = [offer] }.encode())
    }
}

/// A client's frame with a compressed message, or the first part of one.
func compressed(_ payload: [UInt8], _ opcode: Opcode = .text, fin: Bool = true) -> [UInt8] {
    frame(opcode, payload, fin: fin, rsv: 4)
}

/// The payload of a message that is written block by block.
func deflated(_ write: (inout DeflateWriter) -> Void) -> [UInt8] {
    var writer = DeflateWriter()
    write(&writer)
    writer.endMessage()
    return writer.octets
}

/// "Hello" in one block with fixed codes (RFC 7692 section 7.2.3.1).
let helloDeflated: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
/// "Hello" as a reference to the message before it (RFC 7692 section 7.2.3.2).
let helloAgain: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]
/// "Hello" in a block with BFINAL set (RFC 7692 section 7.2.3.4).
let helloFinal: [UInt8] = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]
