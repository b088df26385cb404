import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
package import WSFuzzing
package import WSHTTP2

/// SwiftNIO's HTTP/2 handler in a channel of its own, without its limits on what peers may ask of it.
package struct NIOHTTP2Reference: HTTP2Reference {
    private let connection = Connection()

    private var channel: EmbeddedChannel { connection.channel }
    private var collector: Collector { connection.collector }

    /// More than an input has frames.
    ///
    /// Room for so many times is taken at once, so that it cannot be any number.
    private static let manyFrames = 4_096

    package init(role: HTTP2Role) {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.maximumSequentialEmptyDataFrames = .max
        connection.maximumBufferedControlFrames = .max
        connection.maximumSequentialContinuationFrames = .max
        connection.maximumConnectionGlitches = .max
        connection.controlFrameRateLimit.maximumCount = Self.manyFrames
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: 100),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 1 << 24),
        ]
        if role == .server {
            connection.initialSettings.append(HTTP2Setting(parameter: .enableConnectProtocol, value: 1))
        }
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.streamResetFrameRateLimit.maximumCount = Self.manyFrames
        stream.streamErrorRateLimit.maximumCount = Self.manyFrames
        let handler = NIOHTTP2Handler(
            mode: role == .client ? .client : .server,
            connectionConfiguration: connection,
            streamConfiguration: stream
        )
        collector.start(channel, handler, asks: role == .client)
    }

    package mutating func receive(_ octets: [UInt8]) -> HTTP2ReferenceReply {
        collector.reply = HTTP2ReferenceReply()
        if !octets.isEmpty, channel.isActive {
            do {
                try channel.writeInbound(channel.allocator.buffer(bytes: octets))
            } catch {
                collector.note(error)
            }
        }
        collector.collect(channel)
        return collector.reply
    }

    /// A channel that ends with its last user; its handlers hold it, and one another, until it is closed.
    private final class Connection {
        let channel = EmbeddedChannel()
        let collector = Collector()

        deinit {
            channel.close(promise: nil)
            channel.embeddedEventLoop.run()
        }
    }

    /// Takes what the handler reads.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = NIOHTTP2.HTTP2Frame
        var reply = HTTP2ReferenceReply()

        func start(_ channel: EmbeddedChannel, _ handler: NIOHTTP2Handler, asks: Bool) {
            do {
                try channel.pipeline.syncOperations.addHandlers(handler, self)
                try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
                guard asks else { return }
                for streamID in [1, 3, 5] as [HTTP2StreamID] {
                    let headers: HPACKHeaders = [
                        ":method": "GET", ":scheme": "https", ":path": "/", ":authority": "server.example.com",
                    ]
                    let payload = NIOHTTP2.HTTP2Frame.FramePayload.headers(.init(headers: headers, endStream: true))
                    try channel.writeOutbound(NIOHTTP2.HTTP2Frame(streamID: streamID, payload: payload))
                }
            } catch {
                note(error)
            }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if let frame = Self.frame(unwrapInboundIn(data)) { reply.frames.join(frame) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { note(error) }

        func note(_ error: any Error) { reply.error = reply.error ?? "\(error)" }

        func collect(_ channel: EmbeddedChannel) {
            while let buffer = try? channel.readOutbound(as: ByteBuffer.self) {
                reply.written += buffer.readableBytesView
            }
        }

        // MARK: Frames

        private static func fields(_ headers: HPACKHeaders) -> [FieldLine] {
            headers.map { FieldLine($0.name, $0.value) }
        }

        private static func octets(_ buffer: ByteBuffer?) -> [UInt8] {
            buffer.map { Array($0.readableBytesView) } ?? []
        }

        /// The identifier of a setting, which the library tells by comparison alone.
        private static func identifier(_ parameter: HTTP2SettingsParameter) -> Setting.Identifier {
            let number = (0...Int(UInt16.max)).first { HTTP2SettingsParameter(extensionSetting: $0) == parameter }
            return Setting.Identifier(rawValue: UInt16(number ?? 0))
        }

        private static func octets(of ping: HTTP2PingData) -> [UInt8] {
            let (one, two, three, four, five, six, seven, eight) = ping.bytes
            return [one, two, three, four, five, six, seven, eight]
        }

        private static func frame(_ frame: NIOHTTP2.HTTP2Frame) -> HTTP2ReferenceFrame? {
            let streamID = UInt32(Int32(frame.streamID))
            switch frame.payload {
            case .data(let data):
                guard case .byteBuffer(let buffer) = data.data else { return nil }
                return .data(streamID, octets(buffer), endStream: data.endStream)
            case .headers(let headers): return .headers(streamID, fields(headers.headers), endStream: headers.endStream)
            case .priority: return .priority(streamID)
            case .rstStream(let code): return .reset(streamID, ErrorCode(rawValue: UInt32(code.networkCode)))
            case .settings(.ack): return .settingsAcknowledgment
            case .settings(.settings(let settings)):
                return .settings(settings.map { Setting(identifier($0.parameter), UInt32($0.value)) })
            case .pushPromise(let promise):
                return .promise(streamID, of: UInt32(Int32(promise.pushedStreamID)), fields(promise.headers))
            case .ping(let data, let isAcknowledgment):
                return .ping(octets(of: data), isAcknowledgment: isAcknowledgment)
            case .goAway(let last, let code, let data):
                let errorCode = ErrorCode(rawValue: UInt32(code.networkCode))
                return .goAway(UInt32(Int32(last)), errorCode, octets(data))
            case .windowUpdate(let increment): return .windowUpdate(streamID, UInt32(increment))
            // Extensions that we do not know.
            case .alternativeService, .origin: return nil
            }
        }
    }
}

private typealias ErrorCode = WSHTTP2.HTTP2ErrorCode
private typealias Setting = WSHTTP2.HTTP2Setting
