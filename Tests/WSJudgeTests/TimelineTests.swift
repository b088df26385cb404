import Testing
import WSCatalogue
import WSDeflate
import WSJudge
import WSLimits
import WSProtocol
import WSScenario
import WSTranscript

/// What is read from a record, and how much of it is kept.
@Suite struct `A timeline` {
    private static func scenario(_ script: [Step] = [], _ events: [ExpectedEvent] = []) -> Scenario {
        Scenario(
            id: "made/for-a-timeline",
            title: "A record made by hand",
            requirements: ["RFC6455-6.2-01"],
            needs: .nothing,
            script: script,
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.events(events))],
            closing: [.conforms(.anything)]
        )
    }

    // MARK: - Floods

    @Test(arguments: [0, 3])
    func `Of each kind of event it keeps ten thousand, and two for each that is due`(due: Int) {
        let scenario = Self.scenario([], Array(repeating: .pong(.empty), count: due))
        let most = 10_000 + 2 * due
        var record = RecordedEvents.opened(scenario)
        for octets in [
            record.frame(.pong), record.frame(.ping), record.frame(.text), record.frame(Opcode(rawValue: 0xB)),
            record.frame(Opcode(rawValue: 0x3)), record.frame(.continuation), record.frame(.close),
        ] {
            record.receive(Array(repeatElement(octets, count: most + 2).joined()))
        }
        let timeline = record.timeline
        #expect(timeline.count { if case .control(let frame) = $0 { frame.opcode == .pong } else { false } } == most)
        #expect(timeline.count { if case .control(let frame) = $0 { frame.opcode == .ping } else { false } } == most)
        #expect(timeline.count { if case .message = $0 { true } else { false } } == most)
        #expect(timeline.count { if case .close = $0 { true } else { false } } == most)
        for rule in [ViolationRule.reservedOpcode, .continuationWithoutStart] {
            let kept = timeline.count { kind in
                if case .violation(let violation) = kind { violation.rule == rule } else { false }
            }
            #expect(kept == most, "\(rule)")
        }
        #expect(timeline.count { if case .frame = $0 { true } else { false } } == Limits.judgedFrames.value)
        let opcodes: [UInt8] = [0, 1, 3, 8, 9, 10, 11]
        #expect(timeline.receivedFrames == Dictionary(uniqueKeysWithValues: opcodes.map { ($0, most + 2) }))
        #expect(timeline.maskingKeys == [])
    }

    @Test func `It keeps the masking keys of the first frames`() {
        var record = RecordedEvents.opened(Self.scenario(), testing: .client)
        let most = Limits.judgedKeys.value
        record.receive(Array(repeatElement(record.frame(.pong), count: most + 2).joined()))
        #expect(record.timeline.maskingKeys == Array(repeating: 0x1234_5678, count: most))
    }

    @Test(arguments: [[600], [300, 300], [511, 1, 1], [512], [1, 510]])
    func `It keeps 512 octets of what came instead of a head`(reads: [Int]) {
        var record = RecordedEvents(Self.scenario())
        record.send("GET / HTTP/1.1\r\n\r\n")
        var octets = Array("HTTP/1.1 200 ".utf8)
        while octets.count < 600 { octets.append(UInt8(ascii: "a") + UInt8(octets.count % 26)) }
        var place = 0
        for count in reads {
            record.receive(Array(octets[place..<place + count]))
            place += count
        }
        #expect(record.timeline.strayOctets == Array(octets.prefix(min(512, place))))
        #expect(record.timeline.receivedCount == UInt64(place))
    }

    // MARK: - Sidecar

    @Test(arguments: [10, 65_536, 65_537, 131_072, 150_000])
    func `It reads a sidecar piece by piece, and finds in it what it finds in the record`(count: Int) {
        let scenario = Self.scenario()
        let opened = RecordedEvents.opened(scenario)
        let frames = opened.frame(.text, Array(repeating: 0x61, count: count)) + opened.frame(.pong, [1])
        let sidecar = NotingSidecar([0x81, 0x01, 0x62] + frames + [0xFF])
        var stored = RecordedEvents.opened(scenario, sidecar: sidecar)
        stored.receive(parts: [.sidecar(position: 3, length: frames.count)])
        var inline = opened
        inline.receive(frames)
        let timeline = stored.timeline
        let reads = sidecar.reads
        #expect(timeline.messages == inline.timeline.messages && timeline.messages.count == 1)
        #expect(timeline.entries.map(\.evidence) == inline.timeline.entries.map(\.evidence))
        #expect(timeline.receivedChunks == inline.timeline.receivedChunks)
        #expect(reads.first?.lowerBound == 3 && reads.last?.upperBound == 3 + frames.count)
        #expect(reads.dropLast().allSatisfy { $0.count == 65_536 } && reads.count == (frames.count + 65_535) / 65_536)
        #expect(zip(reads, reads.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    }

    @Test func `It ends with a sidecar that ends too soon, or is missing`() {
        let scenario = Self.scenario()
        let sidecar = NotingSidecar([0x81, 0x01, 0x62, 0x8A])
        var record = RecordedEvents.opened(scenario, sidecar: sidecar)
        record.receive(parts: [.sidecar(position: 0, length: 200_000)])
        #expect(record.timeline.messages.map(\.length) == [1])
        #expect(sidecar.reads.count == 2)
        var without = RecordedEvents.opened(scenario)
        without.receive(parts: [.sidecar(position: 0, length: 3), .octets([0x81, 0x00])])
        #expect(without.timeline.messages.map(\.length) == [0])
    }

    @Test func `It takes parts that equal a payload for their octets`() {
        let payload = Payload.repeating("0123456789", length: 1000)
        let scenario = Self.scenario([], [.message(.text, payload)])
        var record = RecordedEvents.opened(scenario)
        let octets = record.frame(.text, payload.octets)
        record.receive(parts: [.octets(Array(octets[..<104])), .payload(index: 0, start: 100, length: 900)])
        record.receive([0x8A, 0x00])
        var other = RecordedEvents.opened(scenario)
        other.receive(parts: [.octets(Array(octets[..<104])), .payload(index: 0, start: 110, length: 890)])
        other.receive(Array(repeating: 0x78, count: 10))
        #expect(record.timeline.messages.map(\.payload) == [0])
        #expect(other.timeline.messages.map(\.payload) == [nil])
        #expect(other.timeline.messages.map(\.length) == [1000])
        #expect(record.timeline.receivedCount == other.timeline.receivedCount + 2)
    }

    // MARK: - Summaries of compressed messages

    private static func summary(isText: Bool, frames: Int) -> CompressedSummary {
        CompressedSummary(
            length: 40,
            digest: 1,
            payload: 0,
            isText: isText,
            frames: frames,
            payloadLength: 30,
            blocks: 2,
            finalBlocks: 1,
            largestDistance: 7,
            reach: 5
        )
    }

    @Test(arguments: [1, 2, 5], [true, false])
    func `It takes the summary of a message for its frames`(frames: Int, isText: Bool) throws {
        let payload = Payload.repeating("0123456789", length: 200)
        var record = RecordedEvents(Self.scenario([], [.message(.text, payload)]))
        record.send("GET / HTTP/1.1\r\n\r\n")
        var compressing = HandshakeResponse.accepting(key: "dGhlIHNhbXBsZSBub25jZQ==")
        compressing.fields.append(HTTPField("Sec-WebSocket-Extensions", "permessage-deflate"))
        record.receive(compressing.encode())
        record.mark(.opened)
        record.receive(parts: [.message(Self.summary(isText: isText, frames: frames)), .octets([0x8A, 0x00])])
        let timeline = record.timeline
        let message = try #require(timeline.messages.first)
        #expect(message.opcode == (isText ? .text : .binary))
        #expect(message.length == 200 && message.payloadLength == 30 && message.frameCount == frames)
        #expect(message.payload == 0 && message.preview == Array(payload.octets.prefix(128)))
        let deflated = try #require(message.deflated)
        #expect(deflated.payloadLength == 30 && deflated.contentLength == 200)
        #expect(deflated.blockCount == 2 && deflated.finalBlockCount == 1)
        #expect(deflated.largestDistance == 7 && deflated.reach == 5 && deflated.ending == .emptyBlock)
        let opcode: UInt8 = isText ? 1 : 2
        #expect(timeline.receivedFrames == (frames > 1 ? [opcode: 1, 0: frames - 1, 10: 1] : [opcode: 1, 10: 1]))
        let head = UInt64(compressing.encode().count)
        let offsets = timeline.entries.compactMap(\.evidence).suffix(3).map { "\($0.offset - head)+\($0.length)" }
        #expect(offsets == ["0+40", "40+2", "40+2"])
    }

    @Test func `It takes no summary before the connection is open`() {
        var record = RecordedEvents(Self.scenario([], [.message(.text, .text("one"))]))
        record.send("GET / HTTP/1.1\r\n\r\n")
        record.receive(parts: [.message(Self.summary(isText: true, frames: 1))])
        #expect(record.timeline.messages == [] && record.timeline.receivedFrames == [:])
        record.receive("HTTP/1.1 400 Bad Request\r\nContent-Length: 40\r\n\r\n")
        record.receive(parts: [.message(Self.summary(isText: true, frames: 1))])
        #expect(record.timeline.messages == [] && record.timeline.receivedFrames == [:])
    }

    @Test func `Of summaries, too, it keeps ten thousand`() {
        var record = RecordedEvents(Self.scenario([], [.message(.text, .text("one"))]))
        record.send("GET / HTTP/1.1\r\n\r\n")
        record.receive(RecordedEvents.acceptance)
        record.mark(.opened)
        let summaries = repeatElement(ReceivedPart.message(Self.summary(isText: true, frames: 1)), count: 10_004)
        record.receive(parts: Array(summaries))
        #expect(record.timeline.messages.count == 10_002)
        #expect(record.timeline.receivedFrames == [1: 10_004])
    }
}
