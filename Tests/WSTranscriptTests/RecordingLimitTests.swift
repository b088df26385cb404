import Testing
import WSLimits
import WSTranscript

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct `The record of a peer without measure` {
    private static let header = TranscriptHeader(
        scenario: "ping/a",
        roleUnderTest: "server",
        url: "ws://a",
        seed: 1,
        effort: "quick"
    )

    /// Keeps nothing, as a full disk does.
    private struct FullDisk: SidecarStore {
        func append(_ octets: Span<UInt8>) -> Int? { nil }
        func read(position: Int, length: Int) -> [UInt8] { [] }
        var count: Int { 0 }
    }

    @Test func `joins reads beyond the limit, and loses no octet`() throws {
        var recorder = TranscriptRecorder(header: Self.header)
        let count = Limits.transcriptReads.value * 3
        for number in 0..<count {
            let octet = [UInt8(truncatingIfNeeded: number)]
            recorder.received([recorder.part(octet.span)], at: Int64(number))
        }
        recorder.ended(.finished, at: Int64(count))
        #expect(recorder.transcript.events.count == Limits.transcriptReads.value + 1)
        #expect(recorder.receivedCount == UInt64(count))
        let read = try TranscriptText.decode(Data(TranscriptText.encode(recorder.transcript)))
        #expect(read.events == recorder.transcript.events)
        let octets = read.events.flatMap { event -> [UInt8] in
            guard case .received(_, let parts) = event.kind, case .octets(let octets)? = parts.first else { return [] }
            return octets
        }
        #expect(octets == (0..<count).map { UInt8(truncatingIfNeeded: $0) })
    }

    @Test func `joins reads of any kind beyond the limit, and loses none`() {
        var recorder = TranscriptRecorder(header: Self.header)
        let kinds: [ReceivedPart] = [
            .payload(index: 0, start: 0, length: 251), .octets([1, 2]), .octets([3]),
            .sidecar(position: 0, length: 4096), .octets([4, 5]),
        ]
        let count = Limits.transcriptReads.value + 10 * kinds.count
        for number in 0..<count { recorder.received([kinds[number % kinds.count]], at: Int64(number)) }
        let parts = recorder.transcript.events.flatMap { event -> [ReceivedPart] in
            if case .received(_, let parts) = event.kind { parts } else { [] }
        }
        #expect(UInt64(parts.reduce(0) { $0 + $1.count }) == recorder.receivedCount)
        // Where octets follow octets they are one part; nothing else has changed.
        func joined(_ parts: [ReceivedPart]) -> [ReceivedPart] {
            parts.reduce(into: []) { result, part in
                if case .octets(let octets) = part, case .octets(let before)? = result.last {
                    result[result.count - 1] = .octets(before + octets)
                } else {
                    result.append(part)
                }
            }
        }
        #expect(joined(parts) == joined((0..<count).map { kinds[$0 % kinds.count] }))
    }

    @Test func `keeps its order where something is sent between the reads`() {
        var recorder = TranscriptRecorder(header: Self.header)
        for number in 0..<Limits.transcriptReads.value + 10 {
            recorder.received([.octets([1])], at: Int64(number))
            if number >= Limits.transcriptReads.value { recorder.sent(.octets([2]), at: Int64(number)) }
        }
        let tail = recorder.transcript.events.suffix(20)
        #expect(
            tail.enumerated().allSatisfy { index, event in
                if case .sent = event.kind { index % 2 == 1 } else { index % 2 == 0 }
            }
        )
    }

    @Test func `ends when memory is full and no file takes the rest`() {
        var recorder = TranscriptRecorder(header: Self.header, sidecar: FullDisk())
        let piece = [UInt8](repeating: 1, count: 65_536)
        for _ in 0..<Limits.transcriptMemory.value / piece.count {
            recorder.received([recorder.part(piece.span)], at: 0)
        }
        #expect(!recorder.isFull)
        recorder.received([recorder.part(piece.span)], at: 0)
        #expect(recorder.isFull && recorder.isUnkept)
    }

    @Test func `ends when there are more events than a transcript has lines`() {
        var recorder = TranscriptRecorder(header: Self.header)
        while !recorder.isFull { recorder.sent(.octets([1]), at: 0) }
        #expect(recorder.transcript.events.count <= Limits.transcriptEvents.value)
        #expect(!recorder.isUnkept)
    }

    @Test func `is refused where it has more lines than the limit`() {
        let event = #"{"at":0,"event":"connected"}"# + "\n"
        var octets = Array(TranscriptText.encode(Transcript(header: Self.header)))
        octets += Array(String(repeating: event, count: Limits.transcriptEvents.value + 1).utf8)
        #expect {
            _ = try TranscriptText.decode(Data(octets))
        } throws: { error in
            "\(error)".contains("the transcript exceeds \(Limits.transcriptEvents)")
        }
    }

    @Test func `is empty where it has nothing but line ends`() {
        #expect {
            _ = try TranscriptText.decode(Data(repeating: UInt8(ascii: "\n"), count: 4 << 20))
        } throws: { error in
            "\(error)" == "the transcript is empty; record the run again"
        }
    }
}
