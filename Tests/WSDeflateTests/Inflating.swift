import TestSupport
import WSDeflate
import WSKernels

/// What an inflater makes of messages.
struct Inflated: Equatable {
    var content: [UInt8]
    var message: DeflatedMessage
}

extension Inflater {
    /// Inflates a whole message, cut in some way.
    mutating func inflate(_ payload: [UInt8], _ feeding: Feeding = .whole) -> Inflated {
        var content: [UInt8] = []
        for piece in feeding.chunks(of: payload) { inflate(piece.span, into: &content) }
        let message = endMessage(into: &content)
        return Inflated(content: content, message: message)
    }
}

extension DeflateWriter {
    /// The payload of a message that this writes.
    static func message(_ write: (inout DeflateWriter) -> Void) -> [UInt8] {
        var writer = DeflateWriter()
        write(&writer)
        writer.endMessage()
        return writer.octets
    }
}

/// The octets of text.
func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The octets that hexadecimal digits say, spaces apart.
func hex(_ digits: String) -> [UInt8] { Hex.decode(digits.filter { $0 != " " }) ?? [] }
