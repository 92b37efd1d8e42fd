# Two images from one build: "record" is the desk, "public" the site alone.
#
#   docker build --target record -t track15-record .
#   docker build --target public -t track15-public .

FROM node:20-slim AS packages
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
COPY tools/go.mod tools/go.sum tools/
RUN go mod download && go -C tools mod download
COPY . .
COPY --from=packages /src/node_modules node_modules
ENV CGO_ENABLED=0
RUN go -C tools run ./bundle \
 && go build -trimpath -o /out/track15 ./cmd/track15 \
 && go build -trimpath -o /out/track15-public ./cmd/track15-public
# Neither image has a shell, so its folders and its one user are made here.
RUN mkdir -m 700 /out/data /out/keys \
 && echo 'record:x:8016:8016::/:/none' >/out/record.passwd \
 && echo 'public:x:8015:8015::/:/none' >/out/public.passwd

FROM scratch AS public
COPY --from=build /src/LICENSE /src/NOTICE /
COPY --from=build /out/public.passwd /etc/passwd
COPY --from=build /out/track15-public /track15-public
USER 8015:8015
EXPOSE 8015
ENTRYPOINT ["/track15-public"]

FROM scratch AS record
COPY --from=build /src/LICENSE /src/NOTICE /
COPY --from=build /out/record.passwd /etc/passwd
COPY --from=build --chown=8016:8016 --chmod=700 /out/data /data
COPY --from=build --chown=8016:8016 --chmod=700 /out/keys /keys
COPY --from=build /out/track15 /track15
USER 8016:8016
ENV TRACK15_DATA=/data TRACK15_KEYS=/keys
VOLUME ["/data", "/keys"]
EXPOSE 8016
ENTRYPOINT ["/track15"]
CMD ["serve", "--desk-only"]
