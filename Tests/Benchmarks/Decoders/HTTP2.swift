import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
import WSHTTP2

/// Reads what a client sends on an HTTP/2 connection, and returns how many frames of the measured kind and octets of
/// DATA or of field lines came out.
protocol HTTP2UnderMeasure {
    static var name: String { get }
    static func read(_ connection: ClientConnection, piece: Int) -> (frames: Int, octets: Int)
}

/// The octets of a client, behind what begins a connection; the server has a very large window.
struct ClientConnection {
    /// What the server sends at first.
    static let greeting =
        WSHTTP2.HTTP2Frame.settings([
            .init(.initialWindowSize, 1 << 31 - 1), .init(.enableConnectProtocol, 1),
        ]).encoded
        + WSHTTP2.HTTP2Frame.windowUpdate(1 << 31 - 1 - 65_535).encoded
    /// The octets.
    let octets: [UInt8]
    /// How many frames of the measured kind there are.
    let frames: Int

    /// One stream with DATA frames of a length.
    static func data(of length: Int, count: Int) -> ClientConnection {
        var encoder = WSHTTP2.HPACKEncoder()
        var octets = beginning + WSHTTP2.HTTP2Frame.headers(encoder.encode(fields("/upload")), on: 1).encoded
        let frame = WSHTTP2.HTTP2Frame.data([UInt8](repeating: 0x5A, count: length), on: 1).encoded
        for _ in 0..<count { octets += frame }
        return ClientConnection(octets: octets, frames: count)
    }

    /// Requests, each of which is cancelled, so that no stream stays.
    static func headers(count: Int) -> ClientConnection {
        var encoder = WSHTTP2.HPACKEncoder()
        var octets = beginning
        for number in 0..<count {
            let streamID = UInt32(2 * number + 1)
            let block = encoder.encode(fields("/chat/\(number % 50)"))
            octets += WSHTTP2.HTTP2Frame.headers(block, on: streamID).encoded
            octets += WSHTTP2.HTTP2Frame.resetStream(streamID, .cancel).encoded
        }
        return ClientConnection(octets: octets, frames: count)
    }

    private static let beginning =
        WSHTTP2.HTTP2Frame.preface + WSHTTP2.HTTP2Frame.settings().encoded
        + WSHTTP2.HTTP2Frame.settingsAcknowledgment.encoded

    private static func fields(_ path: String) -> [FieldLine] {
        [
            FieldLine(":method", "CONNECT"), FieldLine(":protocol", "websocket"), FieldLine(":scheme", "https"),
            FieldLine(":path", path), FieldLine(":authority", "server.example.com"),
            FieldLine("sec-websocket-version", "13"), FieldLine("origin", "https://server.example.com"),
            FieldLine("user-agent", "benchmark/1.0 (measures HTTP/2)"), FieldLine("accept-language", "en"),
            FieldLine("sec-websocket-extensions", "permessage-deflate; client_max_window_bits"),
        ]
    }
}

/// ``HTTP2Observer``, with everything that it checks, and DATA copied into a buffer.
enum OurObserver: HTTP2UnderMeasure {
    static let name = "wsconform HTTP2Observer"

    static func read(_ connection: ClientConnection, piece: Int) -> (frames: Int, octets: Int) {
        var observer = HTTP2Observer(role: .server)
        let greeting = ClientConnection.greeting
        var position = 0
        while observer.next(in: greeting.span, at: &position, .sent) != nil {}
        var buffer: [UInt8] = []
        buffer.reserveCapacity(piece)
        var (frames, octets, start) = (0, 0, 0)
        while start < connection.octets.count {
            let end = min(start + piece, connection.octets.count)
            let bytes = connection.octets.span.extracting(start..<end)
            var position = 0
            while let event = observer.next(in: bytes, at: &position, .received) {
                switch event {
                case .data(_, let chunk):
                    let octets = bytes.extracting(chunk)
                    unsafe octets.withUnsafeBufferPointer { unsafe buffer.append(contentsOf: $0) }
                case .frameEnd(_, .data, _): frames += 1
                case .section(let section):
                    if section.streamID > 1 { frames += 1 }
                    octets += section.fields.reduce(0) { $0 + $1.name.count + $1.value.count }
                case .violation(let violation): fatalError("\(violation)")
                default: break
                }
            }
            octets += buffer.count
            buffer.removeAll(keepingCapacity: true)
            start = end
        }
        return (frames, octets)
    }
}

/// SwiftNIO's handler in a channel of its own, without its limits on what peers may ask of it.
enum NIOHandler: HTTP2UnderMeasure {
    static let name = "SwiftNIO NIOHTTP2Handler"

    private final class Counter: ChannelInboundHandler {
        typealias InboundIn = NIOHTTP2.HTTP2Frame
        var frames = 0
        var octets = 0

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let frame = unwrapInboundIn(data)
            switch frame.payload {
            case .data(let data):
                frames += 1
                octets += data.data.readableBytes
            case .headers(let headers):
                if Int(frame.streamID) > 1 { frames += 1 }
                octets += headers.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
            default: break
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { fatalError("\(error)") }
    }

    static func read(_ connection: ClientConnection, piece: Int) -> (frames: Int, octets: Int) {
        var settings = NIOHTTP2Handler.ConnectionConfiguration()
        settings.initialSettings = [
            HTTP2Setting(parameter: .initialWindowSize, value: 1 << 31 - 1),
            HTTP2Setting(parameter: .enableConnectProtocol, value: 1),
        ]
        settings.maximumConnectionGlitches = .max
        settings.controlFrameRateLimit.maximumCount = 1_000_000
        var streams = NIOHTTP2Handler.StreamConfiguration()
        streams.streamResetFrameRateLimit.maximumCount = 1_000_000
        let handler = NIOHTTP2Handler(mode: .server, connectionConfiguration: settings, streamConfiguration: streams)
        let counter = Counter()
        let channel = EmbeddedChannel()
        do {
            try channel.pipeline.syncOperations.addHandlers(handler, counter)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            let payload = NIOHTTP2.HTTP2Frame.FramePayload.windowUpdate(windowSizeIncrement: 1 << 31 - 1 - 65_535)
            try channel.writeOutbound(NIOHTTP2.HTTP2Frame(streamID: .rootStream, payload: payload))
            var start = 0
            while start < connection.octets.count {
                let end = min(start + piece, connection.octets.count)
                try channel.writeInbound(channel.allocator.buffer(bytes: connection.octets[start..<end]))
                start = end
            }
            _ = try channel.finish()
        } catch {
            fatalError("\(error)")
        }
        return (counter.frames, counter.octets)
    }
}
