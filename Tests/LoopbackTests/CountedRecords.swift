import NIOCore
import Synchronization
import WSLink
import WSTransport

/// The records that came to a server.
final class RecordLog: Sendable {
    private let state = Mutex((lengths: [Int](), hasCutHeader: false))

    /// The lengths of those that are encrypted, in order.
    var lengths: [Int] { state.withLock { $0.lengths } }
    /// Whether a segment of TCP ended inside the header of one.
    var hasCutHeader: Bool { state.withLock { $0.hasCutHeader } }

    func add(_ length: Int) { state.withLock { $0.lengths.append(length) } }
    func noteCutHeader() { state.withLock { $0.hasCutHeader = true } }
}

/// TLS that logs the records which come.
struct Counted: ChannelSecurity {
    let tls: any ChannelSecurity
    let log: RecordLog

    var name: String { tls.name }

    func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        try pipeline.addHandler(RecordCounter(log), position: .first)
        try tls.addHandlers(to: pipeline)
    }

    func facts(of pipeline: ChannelPipeline.SynchronousOperations, applicationProtocol: String?) -> LinkSecurityFacts {
        tls.facts(of: pipeline, applicationProtocol: applicationProtocol)
    }

    func describe(_ error: any Error, in pipeline: ChannelPipeline.SynchronousOperations) -> String {
        tls.describe(error, in: pipeline)
    }

    func isTruncation(_ error: any Error) -> Bool { tls.isTruncation(error) }
}

private final class RecordCounter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let log: RecordLog
    private var unread: [UInt8] = []

    init(_ log: RecordLog) {
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unread += unwrapInboundIn(data).readableBytesView
        while unread.count >= 5 {
            let length = Int(unread[3]) << 8 | Int(unread[4])
            guard unread.count >= 5 + length else { break }
            if unread[0] == 23 { log.add(length) }
            unread.removeFirst(5 + length)
        }
        if (1..<5).contains(unread.count) { log.noteCutHeader() }
        context.fireChannelRead(data)
    }
}
