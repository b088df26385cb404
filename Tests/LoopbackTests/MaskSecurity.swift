import NIOCore
import NIOTLS
import Synchronization
import WSLink
import WSTransport

/// A security layer that protects nothing, and behaves as one that does.
///
/// Both sides send a greeting, which is the handshake. Behind it octets go in records of their own: a length of one
/// octet, and that many octets with every bit turned over. A record without octets is the closing message.
struct MaskSecurity: ChannelSecurity {
    /// What a side does.
    enum Manner: Sendable {
        /// What it should.
        case ordinary
        /// Sends a greeting that the other side does not know.
        case wrongGreeting
        /// Sends no greeting.
        case silent
        /// Ends the stream without the closing message.
        case cutsOff
        /// Cannot be put into a channel.
        case impossible
    }

    var manner = Manner.ordinary
    /// What its writes were.
    var log = WriteLog()

    var name: String { "mask" }

    func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        guard manner != .impossible else { throw MaskError.noMask }
        try pipeline.addHandler(MaskHandler(manner: manner, log: log))
    }

    func facts(
        of pipeline: ChannelPipeline.SynchronousOperations,
        applicationProtocol: String?
    ) -> LinkSecurityFacts {
        LinkSecurityFacts(version: "mask 1", applicationProtocol: applicationProtocol)
    }

    func describe(_ error: any Error, in pipeline: ChannelPipeline.SynchronousOperations) -> String {
        switch error as? MaskError {
        case .wrongGreeting(let octets): "the greeting was \"\(String(decoding: octets, as: UTF8.self))\""
        case .endedInGreeting: "the greeting never ended"
        case .noMask: "there is no mask"
        case .truncated, nil: "\(error)"
        }
    }

    func isTruncation(_ error: any Error) -> Bool {
        if case .truncated? = error as? MaskError { true } else { false }
    }
}

/// What came down to a security layer, in order: the lengths of writes, and nil for a flush.
final class WriteLog: Sendable {
    private let held = Mutex<[Int?]>([])

    var entries: [Int?] { held.withLock { $0 } }

    func add(_ entry: Int?) {
        held.withLock { $0.append(entry) }
    }
}

private enum MaskError: Error {
    case wrongGreeting([UInt8])
    case endedInGreeting
    case noMask
    case truncated
}

private final class MaskHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let greeting = Array("HELLO".utf8)

    private let manner: MaskSecurity.Manner
    private let log: WriteLog
    private var unread = ByteBuffer()
    private var isEstablished = false
    private var isInputClosed = false
    private var isOutputClosed = false

    init(manner: MaskSecurity.Manner, log: WriteLog) {
        self.manner = manner
        self.log = log
    }

    // MARK: - From the network

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        switch manner {
        case .silent: break
        case .wrongGreeting: send(Array("HOWDY".utf8), context)
        case .ordinary, .cutsOff, .impossible: send(Self.greeting, context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var octets = unwrapInboundIn(data)
        unread.writeBuffer(&octets)
        if !isEstablished {
            guard let greeting = unread.readBytes(length: Self.greeting.count) else { return }
            guard greeting == Self.greeting else {
                return context.fireErrorCaught(MaskError.wrongGreeting(greeting))
            }
            isEstablished = true
            context.fireUserInboundEventTriggered(TLSUserEvent.handshakeCompleted(negotiatedProtocol: nil))
        }
        while !isInputClosed, let record = unread.readLengthPrefixedSlice(as: UInt8.self) {
            if record.readableBytes == 0 {
                isInputClosed = true
                context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            } else {
                context.fireChannelRead(wrapInboundOut(ByteBuffer(bytes: record.readableBytesView.map { ~$0 })))
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
        endInput(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        endInput(context)
        context.fireChannelInactive()
    }

    private func endInput(_ context: ChannelHandlerContext) {
        guard !isInputClosed else { return }
        isInputClosed = true
        context.fireErrorCaught(isEstablished ? MaskError.truncated : MaskError.endedInGreeting)
    }

    // MARK: - To the network

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var octets = unwrapOutboundIn(data)
        log.add(octets.readableBytes)
        var records = context.channel.allocator.buffer(capacity: octets.readableBytes + 16)
        while let part = octets.readBytes(length: min(255, octets.readableBytes)), !part.isEmpty {
            records.writeInteger(UInt8(part.count))
            records.writeBytes(part.map { ~$0 })
        }
        context.write(wrapOutboundOut(records), promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        log.add(nil)
        context.flush()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode != .input, isEstablished, !isOutputClosed, manner != .cutsOff { send([0], context) }
        isOutputClosed = true
        context.close(mode: mode, promise: promise)
    }

    private func send(_ octets: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: octets)), promise: nil)
    }
}
