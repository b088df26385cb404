import NIOCore

/// Cuts each TLS record that is sent into two TCP segments, with a pause between them.
///
/// The end of a record and the beginning of the next one are one segment if both are sent at once.
final class RecordCutter: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long a segment goes before the next one.
    private static let pause = TimeAmount.milliseconds(30)
    /// The length of a record's header (RFC 8446, 5.1).
    private static let headerLength = 5

    private let place: Int
    /// The header of the record that was begun, and how many octets of the record were taken.
    private var record = (header: [UInt8](), taken: 0)
    private var segment = ByteBuffer()
    private var segments = CircularBuffer<ByteBuffer>()
    /// What is told once all segments are sent.
    private var promises: [EventLoopPromise<Void>] = []
    private var close: (mode: CloseMode, promise: EventLoopPromise<Void>?)?
    private var isPausing = false

    /// Creates a cutter that cuts behind so many octets of each record; shorter records stay whole.
    init(at place: Int) {
        self.place = place
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        for octet in unwrapOutboundIn(data).readableBytesView { take(octet) }
        if let promise { promises.append(promise) }
    }

    func flush(context: ChannelHandlerContext) {
        endSegment()
        send(context)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard isPausing, mode != .input else { return context.close(mode: mode, promise: promise) }
        close = (mode, promise)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        for promise in promises { promise.fail(ChannelError.ioOnClosedChannel) }
        close?.promise?.fail(ChannelError.alreadyClosed)
        (promises, close) = ([], nil)
        segments.removeAll()
    }

    private func take(_ octet: UInt8) {
        if record.taken < Self.headerLength { record.header.append(octet) }
        segment.writeInteger(octet)
        record.taken += 1
        let length = record.header.count < Self.headerLength ? nil : Int(record.header[3]) << 8 | Int(record.header[4])
        if length == record.taken - Self.headerLength {
            record = ([], 0)
        } else if record.taken == place {
            endSegment()
        }
    }

    private func endSegment() {
        guard segment.readableBytes > 0 else { return }
        segments.append(segment)
        segment = ByteBuffer()
    }

    /// Sends the next segment, or does what waits behind the last one.
    private func send(_ context: ChannelHandlerContext) {
        guard !isPausing else { return }
        guard let octets = segments.popFirst() else {
            if let (mode, promise) = close.take() { context.close(mode: mode, promise: promise) }
            return
        }
        let isLast = segments.isEmpty && !promises.isEmpty
        let written = isLast ? context.eventLoop.makePromise(of: Void.self) : nil
        for promise in isLast ? promises : [] { written?.futureResult.cascade(to: promise) }
        if isLast { promises = [] }
        context.writeAndFlush(wrapOutboundOut(octets), promise: written)
        isPausing = true
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { [weak self] in
            self?.isPausing = false
            self?.send(context)
        }
    }
}
