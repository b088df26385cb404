import Synchronization
import TestSupport
import Testing
import WSTranscript

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A sidecar in memory, of bounded room.
final class MemorySidecar: SidecarStore {
    private let octets = Mutex<[UInt8]>([])
    private let room: Int

    init(room: Int = .max) {
        self.room = room
    }

    func append(_ octets: Span<UInt8>) -> Int? {
        self.octets.withLock { kept in
            guard kept.count + octets.count <= room else { return nil }
            let position = kept.count
            for index in octets.indices { kept.append(octets[index]) }
            return position
        }
    }

    func read(position: Int, length: Int) -> [UInt8] {
        octets.withLock { kept in
            guard position <= kept.count else { return [] }
            return Array(kept[position..<min(position + length, kept.count)])
        }
    }

    var count: Int { octets.withLock { $0.count } }
}

@Suite struct `Transcripts written and read back` {
    private static let header = TranscriptHeader(
        scenario: "ping/empty",
        roleUnderTest: "server",
        url: "ws://[::1]:9001/\"quoted\"\\\u{1}\u{7F}é\u{2028}",
        seed: .max,
        effort: "quick",
        subprotocols: ["chat", "a\tb", ""],
        ignoresMessages: true,
        application: ObservedApplication(text: .other, binary: .refusal, speaks: true, broadcasts: true),
        waitsForever: true
    )

    private static let reference = ScriptReference(
        step: 3,
        frame: 2,
        frameCount: 7,
        start: 5,
        length: 900,
        maskingKey: .max,
        keyIndex: 4,
        pieceLength: 64
    )

    /// One transcript for each kind of line, each event with the offset that follows from those before.
    private static let kinds: [[TranscriptEvent.Kind]] = [
        [.connected],
        [.sent(offset: 0, .octets([]))],
        [.sent(offset: 0, .octets(Array(0...255))), .sent(offset: 256, .octets([1]))],
        [.sent(offset: 0, .script(reference)), .sent(offset: 900, .script(plain))],
        [.received(offset: 0, [.octets([0, 0xFF])])],
        [.received(offset: 0, [.octets([1]), .octets([2, 3])]), .received(offset: 3, [])],
        [.received(offset: 0, [.sidecar(position: 5, length: 70_000)])],
        [.received(offset: 0, [.octets([1]), .payload(index: 1, start: 2, length: 3), .octets([])])],
        [.mark(.opened)],
        [.mark(.secured(TranscriptSecurity(version: "TLS 1.2")))],
        [
            .mark(
                .secured(
                    TranscriptSecurity(
                        version: "TLS 1.3",
                        cipher: "TLS_AES_128_GCM_SHA256",
                        serverName: "\"a\"\n",
                        offeredProtocols: ["h2", "http/1.1"],
                        applicationProtocol: "http/1.1",
                        certificateNames: ["a.example", "::1"],
                        certificateNotAfter: 4_922_208_000,
                        certificateDigest: "00ff"
                    )
                )
            )
        ],
        [.mark(.barrierSent(tag: "A \"quoted\"", payload: [1, 2]))],
        [.mark(.waited(tag: "A", answered: true)), .mark(.waited(tag: "", answered: false))],
        [.mark(.lateBarrierSent(payload: [0xAB]))],
        [.mark(.lateBarrierAnswered)],
        [.mark(.scriptDone)],
        [.mark(.targetDied)],
        [.mark(.target(TargetObservation()))],
        [.mark(.target(TargetObservation(ending: .exited(-1), sanitizer: "\"a\"\n")))],
        [
            .mark(
                .target(
                    TargetObservation(
                        ending: .signalled("SIGSEGV"),
                        usage: .init(residentBefore: 1, residentPeak: .max, processor: -2, elapsed: 3)
                    )
                )
            )
        ],
        [.mark(.concurrentConnections(open: 198, others: 199))],
        [.mark(.repeatedKey(connections: 3))],
        [.mark(.compared(half: 0, whole: .max))],
        [.mark(.tried(MessageTrial(isText: true, length: 0, frames: 1, cameBack: true)))],
        [.mark(.tried(MessageTrial(isText: false, length: 1 << 40, frames: 2, cameBack: false))), .mark(.notBusy)],
        [.mark(.gaveUp(.mismatch))],
        [.mark(.gaveUp(.deadline))],
        [.mark(.gaveUp(.flood))],
        [.ended(.notConnected("refused: \"x\"\n\u{0}"))],
        [.ended(.notSecured("another name: \"x\"\n\u{0}"))],
        [
            .carrierSent(offset: 0, [.octets([0, 0xFF])]), .carrierSent(offset: 2, [.octets([1]), .data(70_000)]),
            .carrierReceived(offset: 0, [.data(0)]), .ended(.finished), .carrierReceived(offset: 0, []),
            .carrierEnded(.reset),
        ],
        [.carrierEnded(.notConnected("refused"))],
        [.ended(.finished)],
        [.ended(.truncated)],
        [.ended(.reset)],
        [.ended(.closedHere), .mark(.targetDied)],
    ]

    private static let plain = ScriptReference(
        step: 0,
        frame: 0,
        frameCount: 1,
        start: 0,
        length: 0,
        maskingKey: nil,
        keyIndex: 0
    )

    @Test
    func `Every kind of line comes back as it was`() async {
        await Sweep.each(of: Self.kinds) { kinds in
            let events = kinds.enumerated().map { TranscriptEvent(time: Int64($0) * 1_000_000_007, kind: $1) }
            let transcript = Transcript(header: Self.header, events: events, isComplete: true)
            let text = TranscriptText.encode(transcript)
            let back = try TranscriptText.decode(Data(text))
            #expect(back.header == transcript.header)
            #expect(back.events == events)
            #expect(back.isComplete)
            #expect(TranscriptText.encode(back) == text)
            #expect(text.count { $0 == UInt8(ascii: "\n") } == events.count + 2)
            #expect(text.allSatisfy { $0 >= 0x20 || $0 == UInt8(ascii: "\n") })
        }
    }

    @Test func `A recorder counts offsets and keeps small octets in memory`() {
        var recorder = TranscriptRecorder(header: Self.header)
        recorder.connected(at: 1)
        recorder.sent(.octets([1, 2, 3]), at: 2)
        recorder.sent(.script(Self.reference), at: 3)
        let octets: [UInt8] = [9, 8]
        recorder.received([recorder.part(octets.span), .payload(index: 0, start: 0, length: 400)], at: 4)
        recorder.received([recorder.part(octets.span)], at: 5)
        recorder.ended(.finished, at: 6)
        #expect(recorder.sentCount == 903)
        #expect(recorder.receivedCount == 404)
        #expect(recorder.transcript.isComplete)
        #expect(
            recorder.transcript.events.map(\.kind) == [
                .connected, .sent(offset: 0, .octets([1, 2, 3])), .sent(offset: 3, .script(Self.reference)),
                .received(offset: 0, [.octets([9, 8]), .payload(index: 0, start: 0, length: 400)]),
                .received(offset: 402, [.octets([9, 8])]), .ended(.finished),
            ]
        )
    }

    @Test(arguments: [0, 10_000, .max])
    func `Octets beyond the limit go to the sidecar, and stay in memory when it takes no more`(room: Int) {
        let sidecar = MemorySidecar(room: room)
        var recorder = TranscriptRecorder(header: Self.header, sidecar: sidecar)
        let octets = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
        var inSidecar = 0
        for _ in 0..<10 {
            switch recorder.part(octets.span) {
            case .octets(let kept): #expect(kept == octets)
            case .sidecar(let position, let length):
                inSidecar += 1
                #expect(sidecar.read(position: position, length: length) == octets)
            case .payload, .message: Issue.record("no payload was named")
            }
        }
        #expect(inSidecar == (room == 0 ? 0 : room == 10_000 ? 1 : 4))
    }
}
