package import WSFuzzing
package import WSProtocol

/// A decoder whose events are pulled.
package protocol PullDecoder {
    /// What it reports.
    associatedtype Event

    /// Returns the next event and moves the position over the bytes that led to it.
    mutating func next(in bytes: Span<UInt8>, at position: inout Int) -> Event?
}

extension FrameDecoder: PullDecoder {}
extension StreamDecoder: PullDecoder {}

/// Feeds decoders in each of the ways and brings what they report into a form that should not differ.
package enum DripFeeder {
    /// Feeds the input and hands on each event with the piece it came from.
    ///
    /// Events of a frame that was put behind the input are dropped.
    package static func feed<Decoder: PullDecoder>(
        _ decoder: inout Decoder,
        _ bytes: [UInt8],
        _ feeding: Feeding,
        onEvent: (Decoder.Event, [UInt8]) -> Void
    ) {
        var fed = 0
        for chunk in feeding.chunks(of: bytes) {
            var position = 0
            while let event = decoder.next(in: chunk.span, at: &position) {
                if fed + position <= bytes.count { onEvent(event, chunk) }
            }
            fed += chunk.count
        }
    }

    /// What the slicer finds in the input.
    package static func slices(of bytes: [UInt8], _ feeding: Feeding) -> [SlicedEvent] {
        var decoder = FrameDecoder()
        var events: [SlicedEvent] = []
        feed(&decoder, bytes, feeding) { event, chunk in
            switch event {
            case .header(let header, let offset): events.append(.header(header, offset: offset))
            case .end(let offset): events.append(.end(offset: offset))
            case .payload(let range, let payloadOffset):
                if case .payload(let earlier, let start)? = events.last {
                    guard start + UInt64(earlier.count) == payloadOffset else { break }
                    events[events.count - 1] = .payload(earlier + chunk[range], payloadOffset: start)
                    return
                }
                events.append(.payload(Array(chunk[range]), payloadOffset: payloadOffset))
            }
        }
        return events
    }

    /// What the observing decoder reports on the input.
    package static func observations(
        of bytes: [UInt8],
        sender: Role,
        permittedRSV: UInt8 = 0,
        _ feeding: Feeding = .whole
    ) -> [DecodedEvent] {
        var decoder = StreamDecoder(sender: sender)
        decoder.permittedRSV = permittedRSV
        var events: [DecodedEvent] = []
        feed(&decoder, bytes, feeding) { event, chunk in
            events.append(event, of: chunk)
        }
        return events
    }

    /// The outcome of decoding a head and how many bytes of the input it took.
    package static func head(
        of bytes: [UInt8],
        expecting kind: HTTPHead.Kind,
        limit: Int = 65_536,
        _ feeding: Feeding = .whole
    ) -> (outcome: HTTPHeadDecoder.Outcome, consumed: Int) {
        var decoder = HTTPHeadDecoder(expecting: kind, limit: limit)
        var fed = 0
        for chunk in feeding.chunks(of: bytes) {
            switch decoder.feed(chunk.span) {
            case .needMore: fed += chunk.count
            case .complete(let head, let consumed):
                return (.complete(head, consumed: fed + consumed), fed + consumed)
            case let outcome: return (outcome, fed)
            }
        }
        return (.needMore, fed)
    }
}
