import Foundation
import TestSupport
import Testing
import WSDeflate
import WSJudge
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

/// What a transcript keeps of many compressed messages.
@Suite struct `The record of compressed messages` {
    private static let text = "Hello, and hello again"
    private static let scenario = Scenario(
        id: "compression/made-for-this-test",
        title: "Messages that come back compressed",
        requirements: ["RFC7692-6.2-01"],
        needs: .echo,
        compression: CompressionNeed(),
        opening: .negotiating(CompressionOpening()),
        script: [],
        conclusion: .closeWhenComplete,
        behaviour: [.conforms(.events([ExpectedEvent](repeating: .message(.text, .text(text)), count: 101)))],
        closing: [.conforms(.anything)]
    )

    private static func frame(_ payload: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        FrameHeader(fin: true, rsv: 4, opcode: .text, payloadLength: UInt64(payload.count))
            .encode(payload: payload.span, into: &octets)
        return octets
    }

    private static func message(_ symbols: [DeflateSymbol]) -> [UInt8] {
        var writer = DeflateWriter()
        writer.appendFixed(symbols)
        writer.endMessage()
        return frame(writer.octets)
    }

    /// A message that is written out, one that refers to it, and one that refers to the one before it.
    private static let first = message(DeflateSymbol.literals(text.utf8))
    private static let again = message([.match(length: text.utf8.count, distance: text.utf8.count)])
    private static let other = message([.match(length: 5, distance: text.utf8.count)])

    /// Reads the octets, and returns the record and the messages that the reader counted.
    private static func record(
        _ octets: [UInt8],
        _ feeding: Feeding,
        _ parameters: DeflateParameters = DeflateParameters()
    ) -> (transcript: Transcript, payloads: [Int?]) {
        var recorder = TranscriptRecorder(
            header: TranscriptHeader(
                scenario: scenario.id,
                roleUnderTest: "server",
                url: "ws://peer.example/",
                seed: 1,
                effort: "quick",
                stimulus: RecordedStimulus(text: StimulusText.encode(scenario.stimulus))
            )
        )
        recorder.connected(at: 0)
        recorder.sent(
            .octets(Array("GET / HTTP/1.1\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".utf8)),
            at: 0
        )
        let answer = HandshakeResponse.accepting(
            key: "dGhlIHNhbXBsZSBub25jZQ==",
            extensions: [
                "permessage-deflate" + (parameters.serverNoContextTakeover ? "; server_no_context_takeover" : "")
            ]
        ).encode()
        recorder.received([.octets(answer)], at: 0)
        recorder.mark(.opened, at: 0)
        var inbox = Inbox(
            sender: .server,
            scenario: scenario,
            negotiation: Negotiation(compression: parameters),
            streamOffset: UInt64(answer.count)
        )
        var payloads: [Int?] = []
        for chunk in feeding.chunks(of: octets) {
            let (notices, parts) = inbox.read(chunk.span, recorder: &recorder)
            if !parts.isEmpty { recorder.received(parts, at: 0) }
            for case .message(.message(_, _, let payload)) in notices { payloads.append(payload) }
        }
        recorder.ended(.finished, at: 0)
        return (recorder.transcript, payloads)
    }

    private static func parts(_ transcript: Transcript) -> [ReceivedPart] {
        transcript.events.dropFirst(3).flatMap { event -> [ReceivedPart] in
            if case .received(_, let parts) = event.kind { parts } else { [] }
        }
    }

    private static func summaries(_ transcript: Transcript) -> [CompressedSummary] {
        parts(transcript).compactMap { if case .message(let summary) = $0 { summary } else { nil } }
    }

    private static func messages(_ transcript: Transcript) -> [Timeline.ReceivedMessage] {
        Timeline(transcript, scenario: scenario).entries.compactMap { entry in
            if case .message(let message) = entry.kind { message } else { nil }
        }
    }

    private static let many = first + (0..<100).flatMap { _ in again }

    @Test func `Of what equals the expected only the first messages are kept whole, and the judge sees all of them`() {
        let (transcript, payloads) = Self.record(Self.many + Self.other, .whole)
        #expect(payloads == [Int?](repeating: 0, count: 101) + [nil])
        let summaries = Self.summaries(transcript)
        #expect(summaries.count == 101 - 64)
        #expect(Set(summaries).count == 1)
        #expect(summaries.first?.length == Self.again.count)
        #expect(summaries.first?.largestDistance == Self.text.utf8.count)
        let messages = Self.messages(transcript)
        #expect(messages.map(\.payload) == payloads)
        #expect(messages.last?.preview == Array("Hello".utf8))
        #expect(messages.allSatisfy { $0.deflated != nil })
        let total = Self.parts(transcript).reduce(0) { $0 + $1.count }
        #expect(total == Self.many.count + Self.other.count)
    }

    @Test(arguments: Feeding.anywhere)
    func `However the octets are cut, the judge sees the same messages`(feeding: Feeding) {
        let octets = Self.many + Self.other + Self.again
        let whole = Self.record(octets, .whole)
        let cut = Self.record(octets, feeding)
        #expect(cut.payloads == whole.payloads)
        #expect(Self.messages(cut.transcript).map(\.payload) == whole.payloads)
        #expect(Self.messages(cut.transcript).map(\.preview) == Self.messages(whole.transcript).map(\.preview))
        #expect(Self.parts(cut.transcript).reduce(0) { $0 + $1.count } == octets.count)
    }

    @Test func `A message that breaks a promise is kept whole wherever it comes`() {
        let parameters = DeflateParameters(serverNoContextTakeover: true)
        let octets = (0..<80).flatMap { _ in Self.first } + Self.again
        let (transcript, payloads) = Self.record(octets, .whole, parameters)
        #expect(payloads == [Int?](repeating: 0, count: 81))
        #expect(Self.summaries(transcript).count == 80 - 64)
        #expect(Self.messages(transcript).last?.deflated?.reach == Self.text.utf8.count)
        let findings = Judge.judge(Self.scenario, transcript).findings
        #expect(findings.contains { $0.requirement == "RFC7692-7.2.1-12" })
    }

    @Test func `The end of a conversation inside of a message loses nothing`() {
        let octets = Self.many + Self.again.dropLast(2)
        var recorder = TranscriptRecorder(
            header: TranscriptHeader(scenario: "", roleUnderTest: "server", url: "", seed: 1, effort: "quick")
        )
        var inbox = Inbox(
            sender: .server,
            scenario: Self.scenario,
            negotiation: Negotiation(compression: DeflateParameters()),
            streamOffset: 0
        )
        var count = inbox.read(octets.span, recorder: &recorder).parts.reduce(0) { $0 + $1.count }
        #expect(count == Self.many.count)
        count += inbox.release(to: &recorder).reduce(0) { $0 + $1.count }
        #expect(count == octets.count)
    }

    @Test func `A summary is read back as it was written`() throws {
        let (transcript, _) = Self.record(Self.many, .whole)
        let text = TranscriptText.encode(transcript)
        let read = try TranscriptText.decode(Data(text))
        #expect(read.events == transcript.events)
        let forged = String(decoding: text, as: UTF8.self).replacing("\"frames\":1,", with: "\"frames\":0,")
        #expect(throws: (any Error).self) { try TranscriptText.decode(Data(forged.utf8)) }
    }
}
