import WSProtocol

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Encodes and decodes the JSON of the control interface and of the page.
enum ControlJSON {
    /// A value as JSON with sorted keys.
    static func text(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Encoding cannot fail, because the values have no cycles and no numbers that JSON lacks.
        return (try? encoder.encode(value)).map { [UInt8]($0) } ?? Array("null".utf8)
    }

    /// The answer to getCaseInfo.
    static func caseInfo(id: String, description: String) -> [UInt8] {
        // Drivers print this as it comes, so the id comes first, as in Autobahn.
        Array("{\"id\": ".utf8) + text(id) + Array(", \"description\": ".utf8) + text(description) + Array("}".utf8)
    }

    /// The answer to getCaseStatus.
    static func caseStatus(_ behaviour: String) -> [UInt8] {
        Array("{\"behavior\": ".utf8) + text(behaviour) + Array("}".utf8)
    }

    /// Parses a direct command.
    ///
    /// - Throws: ``DirectCommandError`` with one line that says what is wrong.
    static func command(_ octets: [UInt8]) throws(DirectCommandError) -> DirectCommand {
        let decoded: Command
        do {
            decoded = try JSONDecoder().decode(Command.self, from: Data(octets))
        } catch let error as DirectCommandError {
            throw error
        } catch {
            throw DirectCommandError(
                "the command is not a JSON array of a name and its parameters, such as [\"echo\", {\"payload\": \"x\"}]"
            )
        }
        return try decoded.checked()
    }

    /// A command, such as `["sendframe", {…}]`.
    private struct Command: Decodable {
        var name: String
        var frames: [Frame] = []
        var close: Close?

        init(from decoder: any Decoder) throws {
            var parts = try decoder.unkeyedContainer()
            name = try parts.decode(String.self)
            switch name {
            case "sendframe", "echo": frames = [try parts.decode(Frame.self)]
            case "sendframes":
                // The elements are read one by one, so that an endless list is not read to its end.
                var list = try parts.nestedUnkeyedContainer()
                while !list.isAtEnd {
                    guard frames.count < ControlLimits.mostFrames else { throw Self.tooMuch }
                    frames.append(try list.decode(Frame.self))
                }
            case "close": close = parts.isAtEnd ? Close() : try parts.decode(Close.self)
            default: throw DirectCommandError("there is no command '\(name.prefix(40))'")
            }
        }

        private static let tooMuch = DirectCommandError(
            "a command may send \(ControlLimits.mostFrames) frames, \(ControlLimits.mostOctets) octets and "
                + "\(ControlLimits.mostPieces) pieces"
        )

        func checked() throws(DirectCommandError) -> DirectCommand {
            if let close {
                guard let code = close.code else { return .close(CloseBody()) }
                guard let code = UInt16(exactly: code) else { throw DirectCommandError("\(code) is no close code") }
                return .close(CloseBody(code: code, reason: Array((close.reason ?? "").utf8)))
            }
            var result: [DirectCommand.Frame] = []
            var octets = 0
            var pieces = 0
            for frame in frames {
                let frame = try frame.checked(isEcho: name == "echo")
                // The sums cannot overflow: each number is bounded, and so is their count.
                octets += frame.length
                pieces += frame.pieces
                guard octets <= ControlLimits.mostOctets, pieces <= ControlLimits.mostPieces else {
                    throw Self.tooMuch
                }
                result.append(frame)
            }
            return .send(result)
        }
    }

    private struct Close: Decodable {
        var code: Int?
        var reason: String?
    }

    private struct Frame: Decodable {
        var opcode: Int?
        var payload: String?
        var fin: Bool?
        var rsv: Int?
        var mask: String?
        var length: Int?
        var chopsize: Int?

        enum CodingKeys: String, CodingKey {
            case opcode, payload, fin, rsv, mask, chopsize
            case length = "payload_len"
        }

        func checked(isEcho: Bool) throws(DirectCommandError) -> DirectCommand.Frame {
            let opcode = isEcho ? 1 : self.opcode ?? 1
            guard (0...15).contains(opcode) else { throw DirectCommandError("opcode \(opcode) is not 0 to 15") }
            guard (0...7).contains(rsv ?? 0) else { throw DirectCommandError("rsv \(rsv ?? 0) is not 0 to 7") }
            var key: MaskingKey?
            if let mask {
                let digits = mask.hasPrefix("0x") ? mask.dropFirst(2) : mask[...]
                guard digits.utf8.count == 8, let value = UInt32(digits, radix: 16) else {
                    throw DirectCommandError("mask '\(mask.prefix(40))' is not eight hexadecimal digits")
                }
                key = MaskingKey(rawValue: value)
            }
            let unit = Array((payload ?? "").utf8)
            let length = self.length ?? unit.count
            guard (0...ControlLimits.mostOctets).contains(length) else {
                throw DirectCommandError("payload_len \(length) is not 0 to \(ControlLimits.mostOctets)")
            }
            guard length == 0 || !unit.isEmpty else {
                throw DirectCommandError("payload_len \(length) needs a payload to repeat")
            }
            return DirectCommand.Frame(
                header: FrameHeader(
                    fin: fin ?? true,
                    rsv: UInt8(rsv ?? 0),
                    opcode: Opcode(rawValue: UInt8(opcode)),
                    maskingKey: key,
                    payloadLength: UInt64(length)
                ),
                unit: unit,
                length: length,
                pieceLength: chopsize.flatMap { $0 > 0 ? $0 : nil }
            )
        }
    }
}
