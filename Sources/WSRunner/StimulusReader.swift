import WSKernels
import WSProtocol
package import WSScenario

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension StimulusText {
    /// Decodes a stimulus.
    ///
    /// - Returns: Nil unless the text is exactly what ``encode(_:)`` gives for the result. So a text of another version
    ///   is never read with parts ignored.
    package static func decode(_ text: [UInt8]) -> Stimulus? {
        guard let stimulus = (try? JSONDecoder().decode(Whole.self, from: Data(text)))?.value else { return nil }
        return encode(stimulus) == text ? stimulus : nil
    }

    /// A stimulus as a part of a file that people may have written, in any order and with any whitespace.
    package struct Member: Decodable {
        /// The stimulus; nil if its members do not fit together.
        package let stimulus: Stimulus?
        /// Reads the members.
        package init(from decoder: any Decoder) throws {
            stimulus = try Whole(from: decoder).value
        }
    }

    private struct Whole: Decodable {
        var compression: CompressionMembers?
        var conclusion: String
        var connections: Int?
        var half: Part?
        var opening: Members
        var payloads: [PayloadMembers]
        var script: [Members]
        var security: Security?
        var stream: StreamMembers?

        var value: Stimulus? {
            // Before anything is expanded: a few octets of text can describe a megabyte each.
            guard expandedLength <= PayloadMembers.most, let conclusion = conclusionValue,
                let opening = opening.opening, let payloads = all(payloads.map(\.value)),
                let script = all(script.map(\.step))
            else { return nil }
            if half != nil, half?.value == nil { return nil }
            if compression != nil, compression?.value == nil { return nil }
            if security != nil, security?.value == nil { return nil }
            if stream != nil, stream?.value == nil { return nil }
            return Stimulus(
                compression: compression?.value,
                security: security?.value,
                stream: stream?.value,
                opening: opening,
                script: script,
                conclusion: conclusion,
                connections: connections ?? 1,
                scalingBaseline: half?.value,
                payloads: payloads
            )
        }

        /// The number of octets that repetitions expand to.
        private var expandedLength: Int {
            let members = [opening, half?.opening].compactMap(\.self) + script + (half?.script ?? [])
            let all = payloads + members.flatMap { [$0.payload, $0.padding].compactMap(\.self) }
            return all.reduce(0) { sum, payload in sum + payload.expandedLength }
        }

        private var conclusionValue: Conclusion? {
            switch conclusion {
            case "close-when-complete": .closeWhenComplete
            case "peer-fails": .peerFails(lateBarrier: false)
            case "peer-fails-or-answers": .peerFails(lateBarrier: true)
            case "await-end": .awaitEnd
            default: nil
            }
        }
    }

    /// How TLS is spoken.
    private struct Security: Decodable {
        var applicationProtocols: [String]?
        var beside: Beside?
        var certificate: SecurityToSpeak.Certificate?
        var insteadOfAnswer: String?
        var inTheClear: Bool?
        var recordCut: Int?
        var serverName: String?
        var truncates: Bool?
        var version: SecurityToSpeak.Versions?

        struct Beside: Decodable {
            var count: Int
            var hex: String
        }

        var value: SecurityToSpeak? {
            var security = SecurityToSpeak(
                isInTheClear: inTheClear ?? false,
                versions: version ?? .usual,
                applicationProtocols: applicationProtocols,
                recordCut: recordCut,
                truncates: truncates ?? false,
                certificate: certificate ?? .usual
            )
            if let insteadOfAnswer {
                guard let octets = Hex.decode(insteadOfAnswer) else { return nil }
                security.insteadOfAnswer = octets
            }
            if let serverName { security.serverName = serverName.isEmpty ? .none : .other(serverName) }
            if let beside {
                guard let octets = Hex.decode(beside.hex) else { return nil }
                security.beside = SecurityToSpeak.Bystanders(count: beside.count, octets: octets)
            }
            return security
        }
    }

    /// An opening or follow-up with its script.
    private struct Part: Decodable {
        var opening: Members
        var script: [Members]

        var value: ScalingBaseline? {
            guard let opening = opening.opening, let script = all(script.map(\.step)) else { return nil }
            return ScalingBaseline(opening: opening, script: script)
        }
    }

    private struct PayloadMembers: Decodable {
        var data: SampleData?
        var hex: String?
        var length: Int?
        var parts: [Run]?
        var seed: UInt64?
        var start: Int?
        var unit: String?

        struct Run: Decodable {
            var back: Int?
            var hex: String?
            var length: Int?
        }

        /// The most octets that a stimulus may have written out.
        static let most = 1 << 20

        /// The number of octets that the repetitions describe; ``most`` if there are more.
        var expandedLength: Int {
            (parts ?? []).reduce(0) { sum, part in min(sum + min(max(0, part.length ?? 0), Self.most), Self.most) }
        }

        private static func octets(of parts: [Run]) -> [UInt8]? {
            var octets: [UInt8] = []
            for part in parts {
                if let hex = part.hex {
                    guard let literal = Hex.decode(hex) else { return nil }
                    octets += literal
                } else {
                    guard let back = part.back, let length = part.length, back > 0, back <= octets.count, length > 0,
                        length <= most - octets.count
                    else { return nil }
                    for _ in 0..<length { octets.append(octets[octets.count - back]) }
                }
            }
            return octets
        }

        var value: Payload? {
            if let parts { return Self.octets(of: parts).map { .octets($0) } }
            if let hex { return Hex.decode(hex).map { .octets($0) } }
            if let data {
                guard let seed, let start, (0..<data.count).contains(start), let length, length >= 0 else { return nil }
                return .sample(SampleSlice(data, seed: seed, start: start, length: length))
            }
            guard let length, length >= 0, let unit = unit.flatMap({ Hex.decode($0) }), !unit.isEmpty else {
                return nil
            }
            return .repeating(unit: unit, length: length)
        }
    }

    /// How octets are divided into writes, or how a connection without an answer is ended.
    private struct Manner: Decodable {
        var kind: String
        var length: Int?
        var milliseconds: Int?

        /// The longest time in milliseconds, a day, so that sums do not overflow.
        private static let longest = 86_400_000

        /// The time, if it is valid.
        static func time(_ milliseconds: Int?) -> Int? {
            milliseconds.flatMap { (0...longest).contains($0) ? $0 : nil }
        }

        private var some: Int? { length.flatMap { $0 > 0 ? $0 : nil } }

        var ofWrites: WritePacing? {
            switch kind {
            case "separately": .separately
            case "pieces": some.map { .pieces($0) }
            case "split": some.map { .split(at: $0) }
            case "first-octets": some.map { .firstOctets($0) }
            default: nil
            }
        }

        var ofOpening: RequestToSend.Pacing? {
            switch kind {
            case "pieces": return some.map { .pieces($0) }
            case "holding-back":
                guard let some, let time = Self.time(milliseconds) else { return nil }
                return .holdingBack(last: some, milliseconds: time)
            case "awaiting-continue": return some.map { .awaitingContinue(last: $0) }
            default: return nil
            }
        }

        var ending: RequestToSend.Ending? {
            guard let time = Self.time(milliseconds) else { return nil }
            switch kind {
            case "end-output": return .endOutput(afterMilliseconds: time)
            case "reset": return .reset(afterMilliseconds: time)
            default: return nil
            }
        }
    }

    /// All members that an opening or a step can have.
    private struct Members: Decodable {
        var kind: String
        var answers: [String]?
        var claimedLength: UInt64?
        var compressed: Bool?
        var count: Int?
        var ending: Manner?
        var fin: Bool?
        var followUp: String?
        var fragmentLength: Int?
        var hex: String?
        var length: Int?
        var lengthEncoding: PayloadLengthEncoding?
        var masking: String?
        var maskingKey: UInt32?
        var milliseconds: Int?
        var offers: [String]?
        var opcode: UInt8?
        var pacing: Manner?
        var padding: PayloadMembers?
        var payload: PayloadMembers?
        var quickCount: Int?
        var rsv: UInt8?
        var tag: String?
        var template: String?
        var turn: Int?

        var opening: Opening? {
            switch kind {
            case "ordinary": return .ordinary
            case "frames-with-handshake": return .framesWithHandshake
            case "negotiating":
                guard let offers = all((offers ?? []).map { Self.element($0).flatMap { DeflateOffer($0) } }),
                    let answers = all((answers ?? []).map { Self.element($0).flatMap { DeflateAnswer($0) } })
                else { return nil }
                return .negotiating(CompressionOpening(offers: offers, answers: answers))
            case "request":
                guard let template = template.flatMap({ Hex.decode($0) }), let padding = value(of: padding),
                    let pacing = pacing.map(\.ofOpening) ?? .whole
                else { return nil }
                return .request(
                    RequestToSend(
                        template: template,
                        pacing: pacing,
                        padding: padding,
                        ending: ending?.ending,
                        followUp: followUp.flatMap { Hex.decode($0) }
                    )
                )
            case "response":
                guard let template = template.flatMap({ Hex.decode($0) }), let padding = value(of: padding),
                    let pacing = pacing.map(\.ofOpening) ?? .whole
                else { return nil }
                return .response(
                    ResponseToSend(template: template, pacing: pacing, padding: padding, ending: ending?.ending)
                )
            default: return nil
            }
        }

        var step: Step? {
            switch kind {
            case "send": return frame.map { .send($0) }
            case "send-message": return message.map { .sendMessage($0) }
            case "send-run", "send-numbered-run": return run.map { .sendRun($0) }
            case "start-closing-handshake":
                guard let body = value(of: payload), let pacing = pacing.map(\.ofWrites) ?? .together else {
                    return nil
                }
                return .startClosingHandshake(body: body, pacing: pacing)
            case "begin-frame":
                guard let code = code, let length, length >= 0 else { return nil }
                return .beginFrame(fin: fin ?? true, opcode: code, length: length)
            case "continue-frame": return value(of: payload).map { .continueFrame($0) }
            case "barrier":
                guard let tag, let count, count > 0 else { return nil }
                return .barrier(tag: tag, pings: count)
            case "quiesce": return tag.map { .quiesce(tag: $0) }
            case "await-pong": return value(of: payload).map { .awaitPong($0) }
            case "await-close": return .awaitClose
            case "send-octets": return hex.flatMap { Hex.decode($0) }.map { .sendOctets($0) }
            case "pause": return Manner.time(milliseconds).map { .pause(milliseconds: $0) }
            case "pause-reading": return Manner.time(milliseconds).map { .pauseReading(milliseconds: $0) }
            case "ignore-pings": return .ignorePings
            case "ignore-close": return .ignoreClose
            case "end-output": return .endOutput
            case "reset": return .reset
            case "send-on-connection": return hex.flatMap { Hex.decode($0) }.map { .sendOnConnection($0) }
            case "ping-connection": return .pingConnection
            case "echo-loop": return loop.map { .echoLoop($0) }
            default: return nil
            }
        }

        /// The only element of an extension list.
        private static func element(_ text: String) -> ExtensionOffer? {
            ExtensionHeader.parse(text).flatMap { $0.count == 1 ? $0.first : nil }
        }

        private var code: Opcode? { opcode.flatMap { $0 < 16 ? Opcode(rawValue: $0) : nil } }

        /// A payload; a missing one is empty.
        private func value(of members: PayloadMembers?) -> Payload? { members.map(\.value) ?? .empty }

        private var frame: FrameToSend? {
            guard let code, let payload = value(of: payload), let pacing = pacing.map(\.ofWrites) ?? .together,
                rsv ?? 0 < 8
            else { return nil }
            let choice: MaskingChoice =
                switch masking {
                case "none": .none
                case "fresh": .fresh
                default: maskingKey.map { .key($0) } ?? .ofRole
                }
            return FrameToSend(
                code,
                payload,
                fin: fin ?? true,
                rsv: rsv ?? 0,
                masking: choice,
                lengthEncoding: lengthEncoding ?? .minimal,
                claimedLength: claimedLength,
                pacing: pacing
            )
        }

        private var message: MessageToSend? {
            guard let code, let payload = value(of: payload), let fragmentLength, fragmentLength > 0 else { return nil }
            return MessageToSend(code, payload, fragmentLength: fragmentLength)
        }

        private var run: FrameRun? {
            guard let frame, let count, count >= 0 else { return nil }
            return kind == "send-run" ? FrameRun(frame, count: count) : FrameRun(numbered: frame, count: count)
        }

        private var loop: EchoLoop? {
            guard let code, let payload = value(of: payload), let count, let quickCount else { return nil }
            guard turn ?? 1 > 0, fragmentLength ?? 1 > 0 else { return nil }
            return EchoLoop(
                code,
                payload,
                fullCount: count,
                quickCount: quickCount,
                turn: turn,
                compression: compressed == true ? EchoLoop.Compression(fragmentLength: fragmentLength) : nil
            )
        }
    }

    /// The values, or nil if one of them could not be read.
    private static func all<Value>(_ values: [Value?]) -> [Value]? {
        let found = values.compactMap(\.self)
        return found.count == values.count ? found : nil
    }
}
