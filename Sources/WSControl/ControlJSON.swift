import FoundationEssentials
import WSProtocol

/// Writes and reads the JSON of the control interface and of the page.
enum ControlJSON {
    /// A value as JSON, keys sorted.
    static func text(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Nothing here can fail to encode: there are neither cycles nor numbers that are none.
        return (try? encoder.encode(value)).map { [UInt8]($0) } ?? Array("null".utf8)
    }

    /// The answer to getCaseInfo.
    static func caseInfo(id: String, description: String) -> [UInt8] {
        // Written by hand because drivers print it as it comes: the id first, as Autobahn has it.
        Array("{\"id\": ".utf8) + text(id) + Array(", \"description\": ".utf8) + text(description) + Array("}".utf8)
    }

    /// The answer to getCaseStatus.
    static func caseStatus(_ behaviour: String) -> [UInt8] {
        Array("{\"behavior\": ".utf8) + text(behaviour) + Array("}".utf8)
    }

    /// Reads a direct command.
    ///
    /// - Throws: ``DirectCommandError`` with one line that says what is wrong.
    static func command(_ octets: [UInt8]) throws(DirectCommandError) -> DirectCommand {
        let decoded: Command
        do {
            decoded = try JSONDecoder().decode(Command.self, from: Data(octets))
        } catch let error as DirectCommandError {
            throw error
        } catch {
            throw DirectCommandError("the command is no JSON array of a name and its parameters")
        }
        return try decoded.checked()
    }

    /// `["sendframe", {…}]` and its like.
    private struct Command: Decodable {
        var name: String
        var frames: [Frame] = []
        var close: Close?

        init(from decoder: any Decoder) throws {
            var parts = try decoder.unkeyedContainer()
            name = try parts.decode(String.self)
            switch name {
            case "sendframe", "echo": frames = [try parts.decode(Frame.self)]
            case "sendframes": frames = try parts.decode([Frame].self)
            case "close": close = parts.isAtEnd ? Close() : try parts.decode(Close.self)
            default: throw DirectCommandError("there is no command '\(name.prefix(40))'")
            }
        }

        func checked() throws(DirectCommandError) -> DirectCommand {
            if let close {
                guard let code = close.code else { return .close(CloseBody()) }
                guard let code = UInt16(exactly: code) else { throw DirectCommandError("\(code) is no close code") }
                return .close(CloseBody(code: code, reason: Array((close.reason ?? "").utf8)))
            }
            var result: [DirectCommand.Frame] = []
            for frame in frames { result.append(try frame.checked(isEcho: name == "echo")) }
            let octets = result.reduce(0) { $0 + $1.payload.count }
            guard result.count <= DirectCommand.mostFrames, octets <= DirectCommand.mostOctets else {
                throw DirectCommandError(
                    "a command may send \(DirectCommand.mostFrames) frames and \(DirectCommand.mostOctets) octets"
                )
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
            return DirectCommand.Frame(
                header: FrameHeader(
                    fin: fin ?? true,
                    rsv: UInt8(rsv ?? 0),
                    opcode: Opcode(rawValue: UInt8(opcode)),
                    maskingKey: key,
                    payloadLength: UInt64(try octets().count)
                ),
                payload: try octets(),
                pieceLength: chopsize.flatMap { $0 > 0 ? $0 : nil }
            )
        }

        /// The payload, repeated until it has the length that is asked for.
        private func octets() throws(DirectCommandError) -> [UInt8] {
            let unit = Array((payload ?? "").utf8)
            guard let length else { return unit }
            guard (0...DirectCommand.mostOctets).contains(length) else {
                throw DirectCommandError("payload_len \(length) is not 0 to \(DirectCommand.mostOctets)")
            }
            guard length > 0 else { return [] }
            guard !unit.isEmpty else { throw DirectCommandError("payload_len \(length) needs a payload to repeat") }
            var octets: [UInt8] = []
            octets.reserveCapacity(length + unit.count)
            while octets.count < length { octets += unit }
            return Array(octets.prefix(length))
        }
    }
}
