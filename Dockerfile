# A static binary in an empty image: no shell, no package manager, no root user.

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# Version and commit of the program: docker build --build-arg VERSION=v1.2.3 --build-arg COMMIT=0123456789ab .
ARG VERSION=devel
ARG COMMIT=
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w -X main.release=${VERSION} -X main.commit=${COMMIT}" -o /rootfs/chatnode ./node/chatnode
RUN mkdir -p /rootfs/data /rootfs/etc/ssl/certs \
 && echo 'nonroot:x:65532:65532:nonroot:/data:/sbin/nologin' > /rootfs/etc/passwd \
 && echo 'nonroot:x:65532:' > /rootfs/etc/group \
 && cp /etc/ssl/certs/ca-certificates.crt /rootfs/etc/ssl/certs/ \
 && chown 65532:65532 /rootfs/data

FROM scratch
LABEL org.opencontainers.image.title="chatnode"
COPY --from=build /rootfs/ /
# A separate COPY, because a copy of the parent directory may not preserve the owner of this empty directory.
COPY --from=build --chown=65532:65532 /rootfs/data /data
ENV DATA_DIR=/data
USER 65532:65532
VOLUME /data
EXPOSE 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/chatnode", "health"]
ENTRYPOINT ["/chatnode"]
