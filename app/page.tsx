import { HomeView } from './_components/home/HomeView';

export default function HomePage() {
  return <HomeView />;
}
