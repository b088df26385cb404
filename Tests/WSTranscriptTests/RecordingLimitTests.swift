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

    @Test func `joins octets of a connection of HTTP/2 of one moment, beyond the limit all of a direction`() throws {
        var recorder = TranscriptRecorder(header: Self.header)
        recorder.carrier([.octets([1])], isSent: true, at: 0)
        recorder.carrier([.octets([2]), .data(3)], isSent: true, at: 0)
        recorder.carrier([.data(4)], isSent: true, at: 0)
        #expect(recorder.transcript.events.map(\.kind) == [.carrierSent(offset: 0, [.octets([1, 2]), .data(7)])])
        let count = Limits.transcriptReads.value + 100
        for number in 1...count {
            recorder.carrier([.octets([0])], isSent: false, at: Int64(number))
            recorder.received([.octets([UInt8(truncatingIfNeeded: number)])], at: Int64(number))
        }
        recorder.ended(.finished, at: Int64(count + 1))
        let read = try TranscriptText.decode(Data(TranscriptText.encode(recorder.transcript)))
        #expect(read.events == recorder.transcript.events)
        #expect(read.events.count <= 2 * Limits.transcriptReads.value + 3)
        let octets = read.events.reduce(0) { sum, event in
            guard case .carrierReceived(_, let parts) = event.kind else { return sum }
            return sum + parts.reduce(0) { $0 + $1.count }
        }
        #expect(octets == count)
    }

    @Test func `keeps no more of a connection of HTTP/2 than the limit`() {
        var recorder = TranscriptRecorder(header: Self.header)
        let frame = [UInt8](repeating: 0, count: 1_000)
        for number in 0..<2_000 { recorder.carrier([.octets(frame)], isSent: number % 2 == 0, at: Int64(number)) }
        let kept = recorder.transcript.events.reduce(0) { sum, event in
            switch event.kind {
            case .carrierSent(_, let parts), .carrierReceived(_, let parts): sum + parts.reduce(0) { $0 + $1.count }
            default: sum
            }
        }
        #expect(kept <= Limits.carrierOctets.value && kept > Limits.carrierOctets.value - 2_000)
        #expect(!recorder.isFull)
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
